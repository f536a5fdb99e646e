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
  let [dealt, total] = stretches<number>([], () => 0);
  let counted = -1;

  function recount(): void {
    [dealt, total] = stretches(pool.group(), (server) => pool.weight(server) * SCALE);
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
      const stretch = dealt.get(server);
      return stretch !== undefined && served[server] < slotsOf(stretch, total, all, factor);
    },
  };
}
