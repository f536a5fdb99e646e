/** HAProxy's `hash-balance-factor`: which servers have room, by requests in flight (chash_server_is_eligible). */
import { SCALE } from './pool.ts';
import type { Pool } from './pool.ts';

/** Requests in flight and the room that the factor leaves. */
export interface Load {
  started(server: number): void;
  finished(server: number): void;
  /** Always true when the factor is 0. */
  hasRoom(server: number): boolean;
}

/**
 * Nobody may have more than its weight's share of (all in flight + 1) * factor / 100, rounded up over the servers in
 * turn: the first `slots` of a server's weight units are whole, the rest spread over the servers by running sums.
 */
export function loadOf(pool: Pool, factor: number): Load {
  const served = new Int32Array(pool.servers.length);
  const before = weightsBefore(pool);
  let all = 0;
  let total = 0;
  let counted = -1;

  function recount(): void {
    total = pool.group().reduce((sum, server) => sum + pool.weight(server) * SCALE, 0);
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
      const slots = Math.floor(((all + 1) * factor + 99) / 100);
      const rest = slots % total;
      const weight = pool.weight(server) * SCALE;
      const spread =
        Math.floor(((before[server] + weight) * rest) / total) - Math.floor((before[server] * rest) / total);
      return served[server] < Math.max(1, weight * Math.floor(slots / total) + spread);
    },
  };
}

/**
 * The weights of those before each server among its like, as they are when HAProxy starts: it sums them up then and
 * never again, so that after a change at run time the rest no longer adds up (recount_servers in backend.c).
 */
function weightsBefore(pool: Pool): Float64Array {
  const before = new Float64Array(pool.servers.length);
  for (const backup of [false, true]) {
    let sum = 0;
    for (const [server, line] of pool.servers.entries()) {
      if (line.backup !== backup || !pool.usable(server)) continue;
      before[server] = sum;
      sum += pool.weight(server) * SCALE;
    }
  }
  return before;
}
