/** Control variates: what is known to be 0 on average is taken off as far as it explains a figure (Lavenberg, Welch 1981). */
import type { Series } from './estimate.ts';
import { sum, sumsBy } from './sum.ts';

/** Groups that the coefficients are estimated from, so that neighbours hardly depend on each other. */
const GROUPS = 32;
/** Of fewer groups the others say too little of what a control explains. */
const FEWEST_GROUPS = 8;
/** Controls that leave more than this share of a figure's variance are not worth the noise of their coefficients. */
const MOST_LEFT = 0.5;
/** A pivot that is so small a part of what stood there is what rounding left. */
const ROUNDING = 1e-9;

/** The same ratio with less noise. */
export type Correction = (series: Series) => Series;

export const uncorrected: Correction = (series) => series;

/**
 * Takes β times each control off a ratio's numerator. Each group is corrected by the β that least squares find in all the
 * others ("splitting", Nelson 1990): one that was fitted to the group itself would take noise for what the control
 * explains, which makes intervals too narrow, and would follow it, which biases the figure. Where they explain less than
 * half of it the ratio stays as it is.
 * @param controls by batch, each of expectation 0
 */
export function correctionBy(controls: readonly Float64Array[]): Correction {
  const n = controls.length === 0 ? 0 : controls[0].length;
  const groups = Math.min(GROUPS, n);
  if (groups < FEWEST_GROUPS) return uncorrected;
  const groupOf = (i: number): number => Math.floor((i * groups) / n);
  const grouped = (values: Float64Array): Float64Array => sumsBy(values, groupOf, groups);
  const x = controls.map(grouped);
  const fits = Array.from({ length: groups }, (_, group) => leastSquares(x, group));
  return (series) => {
    const { numerator, denominator } = series;
    const value = sum(numerator) / sum(denominator);
    const beyond = (of: ArrayLike<number>): Float64Array =>
      grouped(Float64Array.from(of, (one, i) => one - value * denominator[i]));
    const y = beyond(numerator);
    const betas = fits.map((weights) => weights.map((weight) => dot(weight, y)));
    const corrected = Float64Array.from(numerator, (one, i) => {
      const beta = betas[groupOf(i)];
      return controls.reduce((rest, control, c) => rest - beta[c] * control[i], one);
    });
    return spread(beyond(corrected)) > MOST_LEFT * spread(y) ? series : { numerator: corrected, denominator };
  };
}

/** For each control the weights of values y in its coefficient, as least squares of y on the controls have them without one group. */
function leastSquares(x: readonly Float64Array[], without: number): Float64Array[] {
  const others = x.map((control) => centred(control, without));
  return solve(
    others.map((a) => others.map((b) => dot(a, b))),
    others,
  );
}

/** Less the mean of all but one, which becomes 0. */
function centred(values: Float64Array, without: number): Float64Array {
  const mean = (sum(values) - values[without]) / (values.length - 1);
  return values.map((value, i) => (i === without ? 0 : value - mean));
}

function spread(values: Float64Array): number {
  const mean = sum(values) / values.length;
  return values.reduce((squares, value) => squares + (value - mean) * (value - mean), 0);
}

function dot(a: Float64Array, b: Float64Array): number {
  let total = 0;
  for (let i = 0; i < a.length; i++) total += a[i] * b[i];
  return total;
}

/** Linear equations by elimination, the matrix symmetric; what cannot be told apart from those before it gets no coefficient. */
function solve(matrix: readonly (readonly number[])[], right: readonly Float64Array[]): Float64Array[] {
  const rows = matrix.map((row) => [...row]);
  const solution = right.map((row) => row.slice());
  const tells = rows.map((row, i) => {
    if (!(row[i] > ROUNDING * matrix[i][i])) return false;
    for (let other = i + 1; other < rows.length; other++) {
      const factor = rows[other][i] / row[i];
      for (let column = i; column < rows.length; column++) rows[other][column] -= factor * row[column];
      solution[i].forEach((value, k) => (solution[other][k] -= factor * value));
    }
    return true;
  });
  for (let i = rows.length - 1; i >= 0; i--) {
    if (!tells[i]) solution[i].fill(0);
    for (let known = i + 1; known < rows.length; known++)
      solution[known].forEach((value, k) => (solution[i][k] -= tells[i] ? rows[i][known] * value : 0));
    if (tells[i]) solution[i].forEach((value, k) => (solution[i][k] = value / rows[i][i]));
  }
  return solution;
}
