/**
 * Outliers by success rate: replicas that fail noticeably more often than the rest, though not in a row. After Envoy's outlier
 * detection (success_rate_stdev_factor, success_rate_minimum_hosts, success_rate_request_volume and their defaults:
 * docs/root/intro/arch_overview/upstream/outlier.rst). Envoy would also eject at 99.9 % where all others are at 100 %; here the
 * gap must be worth something.
 */

/** Over so long the rates are taken. */
export const INTERVAL_MS = 10_000;
/** Of fewer replicas none can be 1.9 standard deviations from the mean: of n at most by the root of n - 1. */
const LEAST_REPLICAS = 5;
/** A rate of fewer requests says little. */
const LEAST_REQUESTS = 100;
const LEAST_GAP = 0.05;

/** What became of a replica's requests within an interval. */
export interface Tally {
  readonly handle: number;
  readonly good: number;
  readonly bad: number;
}

/** Those whose rate is more than `deviations` standard deviations below the mean of all, the worst first. */
export function worse(tallies: readonly Tally[], deviations: number): number[] {
  const rates = tallies
    .filter(({ good, bad }) => good + bad >= LEAST_REQUESTS)
    .map(({ handle, good, bad }) => ({ handle, rate: good / (good + bad) }));
  if (rates.length < LEAST_REPLICAS) return [];
  const mean = rates.reduce((sum, { rate }) => sum + rate, 0) / rates.length;
  const variance = rates.reduce((sum, { rate }) => sum + (rate - mean) * (rate - mean), 0) / rates.length;
  const threshold = mean - Math.max(deviations * Math.sqrt(variance), LEAST_GAP);
  return rates
    .filter(({ rate }) => rate < threshold)
    .sort((a, b) => a.rate - b.rate)
    .map(({ handle }) => handle);
}
