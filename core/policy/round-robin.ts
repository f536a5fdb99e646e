/** Smooth weighted round robin as in nginx (ngx_http_upstream_round_robin.c): in turn, heavy ones spread out. */
import type { Balancer, PolicyEntry } from '../types.ts';
import { NONE } from '../types.ts';

interface Turn {
  readonly handle: number;
  readonly weight: number;
  credit: number;
}

/**
 * Every pick adds each weight to its replica's credit, takes the first highest, and charges it the total weight.
 * Over any `total weight` picks each replica gets exactly its weight; with equal weights this is plain rotation.
 */
export function smoothRoundRobin(): Balancer {
  const turns: Turn[] = [];

  function pick(): number {
    let best: Turn | undefined;
    let total = 0;
    for (const turn of turns) {
      turn.credit += turn.weight;
      total += turn.weight;
      if (best === undefined || turn.credit > best.credit) best = turn;
    }
    if (best === undefined) return NONE;
    best.credit -= total;
    return best.handle;
  }

  return {
    pick,
    started() {},
    finished() {},
    joined: ({ handle, weight }) => void turns.push({ handle, weight, credit: 0 }),
    left(handle) {
      const at = turns.findIndex((turn) => turn.handle === handle);
      if (at >= 0) turns.splice(at, 1);
    },
  };
}

export const roundRobinEntry: PolicyEntry = {
  name: 'round-robin',
  summary: 'goes round the replicas, in proportion to their weights and spread out (smooth)',
  source: 'nginx, ngx_http_upstream_round_robin.c (Ouyang, Dounin 2012)',
  weights: true,
  make: () => smoothRoundRobin,
};
