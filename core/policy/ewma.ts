/** Moving averages of response times, in which an observation counts for less the longer ago it was. */

/** The average of one replica. */
export interface Average {
  /** The average now, in ms: what has been observed fades while nothing is; 0 before the first observation. */
  costMs(now: number): number;
  observe(tookMs: number, now: number): void;
}

/** How an average takes an observation: `weight` is what its past still counts for, from 0 to 1. */
export type Take = (costMs: number, tookMs: number, weight: number) => number;

/** As an average. */
export const smooth: Take = (costMs, tookMs, weight) => costMs * weight + tookMs * (1 - weight);

/** As a peak: up at once, down as an average. */
export const peak: Take = (costMs, tookMs, weight) =>
  tookMs > costMs ? tookMs : smooth(costMs, tookMs, weight);

/**
 * An average with a mean lifetime of `decayMs`: gaps between observations differ, so the past weighs
 * exp(-gap / decay) (Eckner 2012, Algorithms for Unevenly Spaced Time Series). The first observation counts whole.
 */
export function average(take: Take, decayMs: number): Average {
  let cost = 0;
  let stamp = 0;
  const weightAt = (now: number): number => Math.exp(-Math.max(0, now - stamp) / decayMs);
  return {
    costMs: (now) => cost * weightAt(now),
    observe(tookMs, now) {
      cost = cost === 0 ? tookMs : take(cost * weightAt(now), tookMs, weightAt(now));
      stamp = now;
    },
  };
}
