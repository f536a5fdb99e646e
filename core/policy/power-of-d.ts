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
  make:
    ([d]) =>
    ({ random }) => {
      const { members, ...verbs } = fleet();
      const order: number[] = [];

      /** Draws by a partial Fisher-Yates shuffle of positions; the first of equals wins, and the draw is uniform. */
      function pick(): number {
        const n = members.length;
        if (n === 0) return NONE;
        while (order.length < n) order.push(order.length);
        if (order.length > n) order.splice(0, order.length, ...members.keys());
        let best = NONE;
        for (let i = 0; i < Math.min(d, n); i++) {
          const drawn = i + Math.floor(random() * (n - i));
          [order[i], order[drawn]] = [order[drawn], order[i]];
          const { handle } = members[order[i]];
          if (best === NONE || verbs.inFlight(handle) < verbs.inFlight(best)) best = handle;
        }
        return best;
      }
      return { ...verbs, pick };
    },
};
