/** Each of several balancers uses a part of the replicas, and the parts are dealt so that all replicas are used alike. */
import type { PolicyEntry, Replica } from '../types.ts';
import { NONE } from '../types.ts';
import { shuffled } from './bounded-load-envoy.ts';
import { fleet } from './fleet.ts';
import { lightest } from './lightest.ts';

/**
 * The balancers come in rounds of as many as there are parts. All of a round shuffle the members alike, and each takes its
 * part; the next round shuffles anew. Members that do not fill a part are left out, others in each round.
 */
export function subsetOf(members: readonly Replica[], size: number, index: number): Replica[] {
  if (members.length <= size) return [...members];
  const parts = Math.floor(members.length / size);
  const byId = [...members].sort((a, b) => a.id - b.id);
  const order = shuffled(byId.length, Math.floor(index / parts));
  const start = (index % parts) * size;
  return order.slice(start, start + size).map((at) => byId[at]);
}

export const subsettingEntry: PolicyEntry = {
  name: 'subsetting',
  summary: 'uses only its balancer’s part of the replicas, and there the fewest requests in flight',
  source: 'Beyer et al. 2016, Site Reliability Engineering, chapter 20 (deterministic subsetting)',
  parameters: [{ name: 'size', default: 20, min: 1, max: 100_000, integer: true }],
  weights: true,
  make:
    ([size]) =>
    ({ balancer = { index: 0, of: 1 } }) => {
      const { members, ...counts } = fleet();
      /** None after a change of members, until somebody asks: a fleet that starts changes with each of its replicas. */
      let subset: readonly Replica[] | undefined;
      let after = 0;

      return {
        ...counts,
        pick(_request, now) {
          subset ??= subsetOf(members, size, balancer.index);
          if (subset.length === 0) return NONE;
          const best = lightest(subset, counts.inFlight, after % subset.length, now);
          after = best + 1;
          return subset[best].handle;
        },
        joined(replica) {
          counts.joined(replica);
          subset = undefined;
        },
        left(handle) {
          counts.left(handle);
          subset = undefined;
        },
      };
    },
};
