/** How even a load is: over any vector of loads, one number a replica. */
import { sum } from './sum.ts';

/** The arithmetic mean; 0 of nothing. */
export function mean(loads: readonly number[]): number {
  return loads.length === 0 ? 0 : sum(loads) / loads.length;
}

/** The highest load over the mean: 1 when even, N when one of N has it all; 1 where there is no load. */
export function peakToMean(loads: readonly number[]): number {
  const average = mean(loads);
  return average === 0 ? 1 : loads.reduce((most, load) => Math.max(most, load), 0) / average;
}

/** Standard deviation (of the population) over the mean: 0 when even; 0 where there is no load. */
export function coefficientOfVariation(loads: readonly number[]): number {
  const average = mean(loads);
  if (average === 0) return 0;
  const squares = loads.map((load) => (load - average) * (load - average));
  return Math.sqrt(mean(squares)) / average;
}
