/** How a test tells chance from a bug: every tolerance here has a stated risk of a false alarm. */

/** Pearson's statistic of counts against expected shares; compare it with a quantile for `shares.length - 1`. */
export function chiSquare(counts: readonly number[], shares: readonly number[]): number {
  const n = counts.reduce((a, b) => a + b, 0);
  return counts.reduce((x, count, i) => x + (count - n * shares[i]) ** 2 / (n * shares[i]), 0);
}

/** The quantile that a chi-square exceeds once in a million (Wilson and Hilferty 1931; z = 4.7534). */
export function chiSquareLimit(freedom: number): number {
  const step = 2 / (9 * freedom);
  return freedom * (1 - step + 4.7534 * Math.sqrt(step)) ** 3;
}

/** Mean and the standard error of the mean, of independent values. */
export function estimate(values: readonly number[]): { mean: number; error: number } {
  const n = values.length;
  const mean = values.reduce((a, b) => a + b, 0) / n;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1);
  return { mean, error: Math.sqrt(variance / n) };
}

/** Student's t with 19 degrees of freedom at 99.9%, two-sided: the half width of 20 replications in standard errors. */
export const T_OF_20 = 3.883;
