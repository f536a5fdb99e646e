/** HAProxy's `hash-balance-factor`: which servers have room, by requests in flight (chash_server_is_eligible). */
import { slotsOf, stretches } from '../../policy/bounded-load-haproxy.ts';
import { SCALE } from './pool.ts';
import type { Pool } from './pool.ts';

/** Requests in flight and the room that the factor leaves. */
export interface Load {
  started(server: number): void;
  finished(server: number): void;
  /** Always true when the factor is 0. */
  hasRoom(server: number): boolean;
}

/** The load of a pool under the rule of `slotsOf`; the factor is in percent. */
export function loadOf(pool: Pool, factor: number): Load {
  const served = new Int32Array(pool.servers.length);
  let all = 0;
  const before = weightsBefore(pool);
  const weightOf = (server: number): number => pool.weight(server) * SCALE;
  let total = 0;
  let counted = -1;

  function recount(): void {
    total = pool.group().reduce((sum, server) => sum + weightOf(server), 0);
    counted = pool.version();
  }

  return {
    started(server) {
      served[server]++;
      all++;
    },
    finished(server) {
      served[server]--;
      all--;
    },
    hasRoom(server) {
      if (factor === 0) return true;
      if (counted !== pool.version()) recount();
      const stretch = { before: before.get(server) ?? 0, weight: weightOf(server) };
      return served[server] < slotsOf(stretch, total, all, factor);
    },
  };
}

/**
 * The weights before each server among its like, as they are when HAProxy starts: it sums them up then and never
 * again, so that after a change at run time the servers' rests no longer add up (recount_servers in backend.c).
 */
function weightsBefore(pool: Pool): ReadonlyMap<number, number> {
  const dealt = [false, true].flatMap((backup) => {
    const alike = [...pool.servers.keys()].filter((i) => pool.servers[i].backup === backup && pool.usable(i));
    return [...stretches(alike, (server) => pool.weight(server) * SCALE)[0]];
  });
  return new Map(dealt.map(([server, { before }]) => [server, before]));
}
