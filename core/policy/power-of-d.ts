/** The less loaded of d replicas drawn without replacement: nearly as even as looking at all of them. */
import type { PolicyEntry } from '../types.ts';
import { NONE } from '../types.ts';
import { fleet } from './fleet.ts';

export const powerOfDEntry: PolicyEntry = {
  name: 'power-of-d',
  summary: 'draws d different replicas and takes the one with the fewest requests in flight',
  source: 'Mitzenmacher 2001, The Power of Two Choices; Vvedenskaya et al. 1996',
  parameters: [{ name: 'd', default: 2, min: 1, max: 1000, integer: true }],
  weights: false,
  sees: 'some',
  make:
    ([d]) =>
    ({ random, load }) => {
      const { handles, ...verbs } = fleet();
      const inFlight = load ?? verbs.inFlight;
      /** The place that step i of the shuffle swaps with place i. */
      const swapped: number[] = [];

      /**
       * Draws by the first steps of a Fisher-Yates shuffle, whose swaps are traced back instead of made, so that a pick
       * needs no table as long as the fleet: d draws and d²/2 comparisons. The first of equals wins, and the draw is
       * uniform.
       */
      function pick(_request: unknown, now: number): number {
        const n = handles.length;
        const draws = Math.min(d, n);
        let best = NONE;
        let least = Infinity;
        for (let i = 0; i < draws; i++) {
          let at = (swapped[i] = i + Math.floor(random() * (n - i)));
          for (let k = i - 1; k >= 0; k--) if (at === swapped[k]) at = k;
          const requests = inFlight(handles[at], now);
          if (requests >= least) continue;
          best = handles[at];
          least = requests;
        }
        return best;
      }
      return { ...verbs, pick };
    },
};
