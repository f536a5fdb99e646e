/** Confidence intervals of a mean from a few independent values. */
import { mean } from './fairness.ts';

/** Two-sided 95% points of Student's t for 1 to 30 degrees of freedom (Fisher and Yates, table III). */
const STUDENT_95 = [
  12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.16, 2.145, 2.131,
  2.12, 2.11, 2.101, 2.093, 2.086, 2.08, 2.074, 2.069, 2.064, 2.06, 2.056, 2.052, 2.048, 2.045, 2.042,
];
const NORMAL_95 = 1.96;

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
  const t = n - 2 < STUDENT_95.length ? STUDENT_95[n - 2] : NORMAL_95;
  return { mean: average, half: t * Math.sqrt(variance / n) };
}
