/** Confidence intervals of a mean from a few independent values. */
import { studentQuantile } from './distributions.ts';
import { mean } from './fairness.ts';

/** A mean and half the width of its 95% interval. */
export interface Interval {
  readonly mean: number;
  /** Infinite for fewer than two values. */
  readonly half: number;
}

/** The 95% interval of the mean of independent values, by Student's t (Gosset 1908). */
export function interval95(values: readonly number[]): Interval {
  const n = values.length;
  const average = mean(values);
  if (n < 2) return { mean: average, half: Infinity };
  const squares = values.map((value) => (value - average) * (value - average));
  const variance = squares.reduce((sum, square) => sum + square, 0) / (n - 1);
  return { mean: average, half: studentQuantile(0.975, n - 1) * Math.sqrt(variance / n) };
}
