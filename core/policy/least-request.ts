/** The replica with the fewest requests in flight for its weight, as Envoy weighs them; ties in rotation. */
import type { PolicyEntry, Replica } from '../types.ts';
import { NONE } from '../types.ts';
import { fleet } from './fleet.ts';

export const leastRequestEntry: PolicyEntry = {
  name: 'least-request',
  summary: 'takes the fewest requests in flight for the weight, ties in rotation',
  source: 'Winston 1977 (join the shortest queue); Envoy, least_request',
  weights: true,
  make: () => () => {
    const { members, ...verbs } = fleet();
    let after = 0;

    /** Compares (in flight + 1) / weight, cross-multiplied so that no rounding decides: idle, the heaviest comes first. */
    const lighter = (a: Replica, b: Replica): boolean =>
      (verbs.inFlight(a.handle) + 1) * b.weight < (verbs.inFlight(b.handle) + 1) * a.weight;

    function pick(): number {
      const n = members.length;
      if (n === 0) return NONE;
      let best = after % n;
      for (let step = 1; step < n; step++) {
        const at = (after + step) % n;
        if (lighter(members[at], members[best])) best = at;
      }
      after = best + 1;
      return members[best].handle;
    }
    return { ...verbs, pick };
  },
};
