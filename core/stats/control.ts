/** Control variates: what is known to be 0 on average is taken off as far as it explains a figure (Lavenberg, Welch 1981). */
import type { Series } from './estimate.ts';
import { sum } from './sum.ts';

/** Groups that the coefficients are estimated from, so that neighbours hardly depend on each other. */
const GROUPS = 32;
/** Of fewer groups the others say too little of what a control explains. */
const FEWEST_GROUPS = 8;

/**
 * The same ratio with less noise: its numerator less β times each control. Each group is corrected by the β that least
 * squares find in all the others ("splitting", Nelson 1990): one that was fitted to the group itself would take noise for
 * what the control explains, which makes intervals too narrow, and would follow it, which biases the figure.
 * @param controls by batch, each of expectation 0
 */
export function controlled(series: Series, controls: readonly Float64Array[]): Series {
  const { numerator, denominator } = series;
  const n = numerator.length;
  const groups = Math.min(GROUPS, n);
  if (groups < FEWEST_GROUPS) return series;
  const groupOf = (i: number): number => Math.floor((i * groups) / n);
  const grouped = (values: Float64Array): Float64Array => {
    const sums = new Float64Array(groups);
    values.forEach((value, i) => (sums[groupOf(i)] += value));
    return sums;
  };
  const value = sum(numerator) / sum(denominator);
  const x = controls.map(grouped);
  const y = grouped(Float64Array.from(numerator, (one, i) => one - value * denominator[i]));
  const betas = Array.from(y, (_, group) => coefficients(x, y, group));
  const corrected = Float64Array.from(numerator, (one, i) => {
    const beta = betas[groupOf(i)];
    return controls.reduce((rest, control, c) => rest - beta[c] * control[i], one);
  });
  return { numerator: corrected, denominator };
}

/** Least squares of y on the controls x, without one group. */
function coefficients(x: readonly Float64Array[], y: Float64Array, without: number): number[] {
  const others = x.map((control) => centred(control.filter((_, i) => i !== without)));
  const left = centred(y.filter((_, i) => i !== without));
  return solve(
    others.map((a) => others.map((b) => dot(a, b))),
    others.map((a) => dot(a, left)),
  );
}

function centred(values: Float64Array): Float64Array {
  const mean = sum(values) / values.length;
  return values.map((value) => value - mean);
}

function dot(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, value, i) => sum + value * b[i], 0);
}

/** One or two linear equations by Cramer's rule; what cannot be told apart gets no coefficient. */
function solve(matrix: readonly (readonly number[])[], right: readonly number[]): number[] {
  if (right.length === 1) return [matrix[0][0] === 0 ? 0 : right[0] / matrix[0][0]];
  const [[a, b], [c, d]] = matrix;
  const determinant = a * d - b * c;
  if (!(Math.abs(determinant) > 1e-12 * Math.abs(a * d))) return [solve([[a]], [right[0]])[0], 0];
  return [(right[0] * d - b * right[1]) / determinant, (a * right[1] - right[0] * c) / determinant];
}
