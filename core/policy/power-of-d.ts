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
      const { members, ...verbs } = fleet();
      const inFlight = load ?? verbs.inFlight;
      /** 0, 1, 2 … between picks, at least as many as there are members. */
      const order: number[] = [];
      const swapped: number[] = [];

      const swap = (i: number, j: number): void => {
        const kept = order[i];
        order[i] = order[j];
        order[j] = kept;
      };

      /**
       * Draws by a partial Fisher-Yates shuffle of positions, which is undone, so that a pick costs d whatever the
       * fleet. The first of equals wins, and the draw is uniform.
       */
      function pick(_request: unknown, now: number): number {
        const n = members.length;
        while (order.length < n) order.push(order.length);
        const draws = Math.min(d, n);
        let best = NONE;
        let least = Infinity;
        for (let i = 0; i < draws; i++) {
          swapped[i] = i + Math.floor(random() * (n - i));
          swap(i, swapped[i]);
          const { handle } = members[order[i]];
          const requests = inFlight(handle, now);
          if (requests >= least) continue;
          best = handle;
          least = requests;
        }
        for (let i = draws - 1; i >= 0; i--) swap(i, swapped[i]);
        return best;
      }
      return { ...verbs, pick };
    },
};
