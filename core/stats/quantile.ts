/** Quantiles with intervals: a quantile is inside when the share of values up to it can be what was asked for. */
import { fromBatches, logit } from './estimate.ts';
import type { Estimate, Scale, Series } from './estimate.ts';
import type { Counts } from './sections.ts';

/** How a share is estimated from the sections: `fromBatches` within a run, `fromRuns` across runs. */
export type Estimator = (series: Series, confidence: number, scale: Scale) => Estimate;

/**
 * The p-quantile, at most 0.1% too high, and its interval: the test "the share of values up to x is p", inverted
 * (Woodruff 1952; for autocorrelated output Heidelberger, Lewis 1984). It needs no density, and no section has to be
 * long enough for a quantile of its own.
 */
export function quantile(
  counts: Counts,
  p: number,
  confidence: number,
  estimator: Estimator = fromBatches,
): Estimate {
  if (counts.count === 0) return { value: NaN, low: -Infinity, high: Infinity, batches: 0 };
  const sizes = counts.sizes;
  const shareUpTo = (cell: number): Estimate =>
    estimator({ numerator: counts.upTo(cell), denominator: sizes }, confidence, logit);
  const [least, most] = [0, 1].map((share) => counts.cellAt(share));
  const at = firstCell(least, most, (cell) => shareUpTo(cell).value >= p);
  const value = counts.upperEdge(at);
  const { batches } = shareUpTo(at);
  if (batches === 0) return { value, low: -Infinity, high: Infinity, batches };
  const low = firstCell(least, at, (cell) => shareUpTo(cell).high >= p);
  const high = firstCell(at, most, (cell) => shareUpTo(cell).low >= p);
  return { value, low: counts.lowerEdge(low), high: counts.upperEdge(high), batches };
}

/** The first cell from `low` on that holds what all later ones hold too, or `high`. */
function firstCell(low: number, high: number, holds: (cell: number) => boolean): number {
  let [from, to] = [low, high];
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (holds(middle)) to = middle;
    else from = middle + 1;
  }
  return from;
}
