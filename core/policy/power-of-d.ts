/** The less loaded of d replicas drawn without replacement: nearly as even as looking at all of them. */
import type { PolicyEntry } from '../types.ts';
import { leastOf } from './least-of.ts';

export const powerOfDEntry: PolicyEntry = {
  name: 'power-of-d',
  summary: 'draws d different replicas and takes the one with the fewest requests in flight',
  source: 'Mitzenmacher 2001, The Power of Two Choices; Vvedenskaya et al. 1996',
  parameters: [{ name: 'd', default: 2, min: 1, max: 1000, integer: true }],
  weights: false,
  sees: 'some',
  make:
    ([d]) =>
    (options) => {
      /** The place that step i of the shuffle swaps with place i. */
      const swapped: number[] = [];

      /**
       * The i-th of n places, by the first steps of a Fisher-Yates shuffle, whose swaps are traced back instead of made,
       * so that a pick needs no table as long as the fleet: d draws and d²/2 comparisons, and the draw is uniform.
       */
      function placeOf(i: number, n: number, u: number): number {
        let at = (swapped[i] = i + Math.floor(u * (n - i)));
        for (let k = i - 1; k >= 0; k--) if (at === swapped[k]) at = k;
        return at;
      }

      return leastOf((n) => Math.min(d, n), placeOf, options);
    },
};
