/** Response times in an HdrHistogram (Tene): three digits from a microsecond to an hour, in flat memory. */
import { build } from 'hdr-histogram-js';
import type { Histogram } from 'hdr-histogram-js';
import type { ResponseTimes } from '../../core/result.ts';

/** Times are recorded in whole microseconds, to three digits, up to an hour. */
const US_A_MS = 1000;
const HIGHEST_US = 3_600_000_000;

/** An empty histogram. */
export function times(): Histogram {
  return build({ highestTrackableValue: HIGHEST_US, numberOfSignificantValueDigits: 3 });
}

/** Counts a time in ms. */
export function record(histogram: Histogram, ms: number): void {
  histogram.recordValue(Math.min(HIGHEST_US, Math.max(0, Math.round(ms * US_A_MS))));
}

/** The quantiles in ms; null where nothing was recorded. */
export function quantiles(histogram: Histogram): ResponseTimes {
  const known = (us: number): number | null => (histogram.totalCount === 0 ? null : us / US_A_MS);
  const at = (percent: number): number | null => known(histogram.getValueAtPercentile(percent));
  return {
    mean: known(histogram.mean),
    p50: at(50),
    p90: at(90),
    p95: at(95),
    p99: at(99),
    max: known(histogram.maxValue),
  };
}
