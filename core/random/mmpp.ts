/** The two-state Markov-modulated Poisson process: the gaps of bursty traffic. */
import type { Sampler } from '../types.ts';
import { minusLogOf1Minus } from './log.ts';

/**
 * Gaps (ms) of a Poisson process whose rate (a ms) is one of two, each in force for an exponential time of that mean.
 * The first state is drawn by its share of the time, so the process is stationary from the start. A sampler counts
 * states: one for each run (Fischer and Meier-Hellstern 1993).
 */
export function modulated(rates: readonly [number, number], sojourns: readonly [number, number]): Sampler {
  let state: 0 | 1 | undefined;
  return (random) => {
    state ??= random() * (sojourns[0] + sojourns[1]) < sojourns[0] ? 0 : 1;
    let gap = 0;
    for (;;) {
      // Arrivals and the change of state race: the first of two exponentials comes at the sum of their rates.
      const leaving = 1 / sojourns[state];
      const either = rates[state] + leaving;
      gap += minusLogOf1Minus(random()) / either;
      if (random() * either >= leaving) return gap;
      state = state === 0 ? 1 : 0;
    }
  };
}

/**
 * Variance of the number of arrivals in a long time over its mean: Poisson's 1, and what the rates, which are forgotten at
 * the rate 1/a + 1/b, add (Heffes and Lucantoni 1986).
 */
export function modulatedDispersion(
  [busy, calm]: readonly [number, number],
  [a, b]: readonly [number, number],
): number {
  const apart = ((busy - calm) * a * b) / (a + b);
  return 1 + (2 * apart * apart) / (busy * a + calm * b);
}
