/** A law that draws from measured times: each as often as it was seen, nothing in between. */
import type { LawEntry } from '../../types.ts';

/** The mean of a function of the values. */
const average = (values: readonly number[], of: (x: number) => number): number =>
  values.reduce((sum, x) => sum + of(x), 0) / values.length;

/**
 * An entry that draws the values (ms) with equal chance and with replacement: the empirical distribution function as
 * it stands, without interpolation, so that its moments are those of the sample (Efron 1979, the bootstrap).
 */
export function measured(name: string, values: readonly number[]): LawEntry {
  const times = Float64Array.from(values);
  return {
    name,
    summary: `draws from ${values.length} measured times`,
    source: 'Efron 1979, Bootstrap methods',
    make: () => (random) => times[Math.floor(random() * times.length)],
    moments: () => ({
      mean: average(values, (x) => x),
      second: average(values, (x) => x * x),
      third: average(values, (x) => x * x * x),
    }),
  };
}
