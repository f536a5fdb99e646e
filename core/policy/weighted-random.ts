/** Each request to a replica drawn in proportion to its weight. */
import type { PolicyEntry } from '../types.ts';
import { NONE } from '../types.ts';
import { fleet } from './fleet.ts';

export const weightedRandomEntry: PolicyEntry = {
  name: 'weighted-random',
  summary: 'draws a replica for each request in proportion to its weight',
  source: 'nginx, ngx_http_upstream_random_module.c',
  weights: true,
  sees: 'nothing',
  make:
    () =>
    ({ random }) => {
      const { members, ...verbs } = fleet();
      /** Running sums of the members' weights. */
      const sums: number[] = [];

      function recount(): void {
        sums.length = 0;
        for (const { weight } of members) sums.push((sums.at(-1) ?? 0) + weight);
      }

      /** The first member whose running sum exceeds the number drawn, by bisection. */
      function pick(): number {
        if (members.length === 0) return NONE;
        const drawn = random() * (sums.at(-1) ?? 0);
        let [low, high] = [0, members.length - 1];
        while (low < high) {
          const middle = (low + high) >> 1;
          if (sums[middle] > drawn) high = middle;
          else low = middle + 1;
        }
        return members[low].handle;
      }

      return {
        ...verbs,
        pick,
        picks(_keys, out, count) {
          for (let i = 0; i < count; i++) out[i] = pick();
        },
        joined(replica) {
          verbs.joined(replica);
          recount();
        },
        left(handle) {
          verbs.left(handle);
          recount();
        },
      };
    },
};
