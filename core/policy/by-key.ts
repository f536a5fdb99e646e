/** The key alone decides, by a placement: the lab's own policy (LAB 3.8). */
import type { Balancer, Placement, PolicyEntry } from '../types.ts';

/** A Balancer of a Placement. */
export function byKey(placement: Placement): Balancer {
  return {
    pick: (request) => placement.locate(request.key),
    picks(keys, out, count) {
      const column = keys();
      if (placement.locates !== undefined && column instanceof Float64Array)
        placement.locates(column, out, count);
      else for (let i = 0; i < count; i++) out[i] = placement.locate(column[i]);
    },
    started() {},
    finished() {},
    joined: (replica) => {
      placement.add(replica);
    },
    left: (handle) => {
      placement.remove(handle);
    },
  };
}

/** Whether a policy asks the placement at all: such policies have the weights that it has. */
export function asksPlacement({ weights }: PolicyEntry): boolean {
  return weights === 'placement';
}

export const byKeyEntry: PolicyEntry = {
  name: 'by-key',
  summary: 'sends a key where the placement says, whatever the load',
  source: 'LAB 3.8; Karger et al. 1997',
  weights: 'placement',
  sees: 'nothing',
  make: () => (options) => byKey(options.placement()),
};
