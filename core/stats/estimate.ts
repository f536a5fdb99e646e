/**
 * Confidence intervals that respect autocorrelation and skewness: batch means with the adjustments of N-Skart
 * (Tafazzoli, Wilson 2011), for ratios of sums, of which a mean is the plainest.
 */
import { studentQuantile } from './distributions.ts';
import { sum } from './sum.ts';

/** A figure, its interval, and from how many batches or runs that comes. */
export interface Estimate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
  readonly batches: number;
}

/** Fewer batches than this give no interval: their own spread says too little. */
export const FEWEST_BATCHES = 8;
/** Numbers of batches to try, most first; each must show no correlation between neighbours, or fewer are taken. */
const TRIALS = [64, 48, 32, 24, 16, 12, FEWEST_BATCHES];
/** Correlation of neighbours that chance explains: one standard error and a quarter (a one-sided test at 10%). */
const CHANCE = 0.5;
const MOST_CORRELATION = 0.8;
/** Half of that chance is added to what is seen: batches are taken for their low correlation, which is then too low. */
const UNSEEN = CHANCE / 2;
/** Of so few batches the skewness is mostly chance, and a large one widens an interval many times: N-Skart's bound. */
const FEW_BATCHES = 16;
const MOST_SKEWNESS = 0.8;

/** A kurtosis from few values is itself chance; fewer degrees than this would widen intervals several times for it. */
const LEAST_FREEDOM = 3;

/** Sums by batch: the ratio Σ numerator / Σ denominator is what is estimated. */
export interface Series {
  readonly numerator: ArrayLike<number>;
  readonly denominator: ArrayLike<number>;
}

/**
 * A scale on which a figure's error is nearer to normal: the error of a mean wait or of a rare share grows with the figure
 * itself (of M/M/1's wait faster still: Whitt 1989), so a run that saw no crowd has both too low, and needs reach upwards.
 * Its interval ends where either the scale or the skewness that was seen would have it end, whichever is further.
 */
export interface Scale {
  /** Where a figure ends up that is moved by an error, both as measured at the figure. */
  readonly moved: (value: number, by: number) => number;
}

const plain: Scale = { moved: (value, by) => value + by };

/** For positive figures, as means of times are. */
export const logarithm: Scale = {
  moved: (value, by) => (value > 0 ? value * Math.exp(by / value) : value + by),
};

/** For shares: by their odds, which keeps them between 0 and 1. */
export const logit: Scale = {
  moved(value, by) {
    const other = 1 - value;
    if (!(value > 0 && other > 0)) return value + by;
    const odds = (value / other) * Math.exp(by / (value * other));
    return odds === Infinity ? 1 : odds / (1 + odds);
  },
};

/** The interval of a ratio from batches of one run, which are joined until neighbours do not correlate. */
export function fromBatches(series: Series, confidence: number, scale: Scale = plain): Estimate {
  const { numerator } = series;
  const most = numerator.length;
  const trials = TRIALS.filter((k) => k <= most);
  if (trials.length === 0) return unsure(ratio(series));
  let chosen = residuals(series, trials[0]);
  for (const k of trials) {
    chosen = residuals(series, k);
    if (correlation(chosen) < CHANCE / Math.sqrt(k)) break;
  }
  const unseen = UNSEEN / Math.sqrt(chosen.length);
  const phi = Math.min(MOST_CORRELATION, Math.max(0, correlation(chosen)) + unseen);
  return interval(series, chosen, confidence, (1 + phi) / (1 - phi), scale);
}

/** The interval of a ratio from independent runs, a number a run. */
export function fromRuns(series: Series, confidence: number): Estimate {
  if (series.numerator.length < 2) return unsure(ratio(series));
  return interval(series, residuals(series, series.numerator.length), confidence, 1, plain);
}

function ratio({ numerator, denominator }: Series): number {
  return sum(numerator) / sum(denominator);
}

function unsure(value: number): Estimate {
  return { value, low: -Infinity, high: Infinity, batches: 0 };
}

/** What each of k batches has more than its denominator accounts for; they sum to 0. */
function residuals(series: Series, k: number): Float64Array {
  const { numerator, denominator } = series;
  const value = ratio(series);
  const joined = new Float64Array(k);
  const n = numerator.length;
  for (let i = 0; i < n; i++) joined[Math.floor((i * k) / n)] += numerator[i] - value * denominator[i];
  return joined;
}

/** Correlation of neighbours. */
function correlation(values: Float64Array): number {
  let [cross, squares] = [0, 0];
  for (let i = 0; i < values.length; i++) {
    squares += values[i] * values[i];
    if (i > 0) cross += values[i] * values[i - 1];
  }
  return squares === 0 ? 0 : cross / squares + 1 / values.length;
}

function interval(
  series: Series,
  joined: Float64Array,
  confidence: number,
  inflation: number,
  { moved }: Scale,
): Estimate {
  const value = ratio(series);
  const k = joined.length;
  let [squares, cubes, fourths] = [0, 0, 0];
  for (const e of joined) {
    squares += e * e;
    cubes += e * e * e;
    fourths += e * e * e * e;
  }
  const variance = squares / (k - 1);
  const error = Math.sqrt(k * variance * inflation) / sum(series.denominator);
  if (error === 0) return { value, low: value, high: value, batches: k };
  const skewness = k > 2 ? (k * cubes) / ((k - 1) * (k - 2) * variance * Math.sqrt(variance)) : 0;
  const t = studentQuantile((1 + confidence) / 2, freedom(k, (k * fourths) / (squares * squares)));
  const most = k < FEW_BATCHES ? MOST_SKEWNESS : Infinity;
  const skew = Math.max(-most, Math.min(most, skewness)) / (6 * Math.sqrt(k));
  return {
    value,
    low: Math.min(value - adjusted(t, skew) * error, moved(value, -t * error)),
    high: Math.max(value - adjusted(-t, skew) * error, moved(value, t * error)),
    batches: k,
  };
}

/**
 * Degrees of freedom of a variance from k values: its own variance is σ⁴ (κ - 1) / k, that of a chi-square with as many as
 * make it 2σ⁴ / f (Satterthwaite 1946; Box 1953). Where a few batches hold all of a tail, the others say nothing of it.
 * @param kurtosis κ, 3 of normal values
 */
function freedom(k: number, kurtosis: number): number {
  const worth = Math.floor((2 * k) / Math.max(1, kurtosis - 1));
  return Math.min(k - 1, Math.max(LEAST_FREEDOM, worth));
}

/** Willink's form of Johnson's t for skewed data (Willink 2005); the plain t where there is no skew. */
function adjusted(t: number, skew: number): number {
  if (Math.abs(skew) < 1e-4) return t;
  return (Math.cbrt(1 + 6 * skew * (t - skew)) - 1) / (2 * skew);
}
