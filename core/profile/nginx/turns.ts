/** nginx's own round robin, which every method of it falls back on (ngx_http_upstream_round_robin.c). */
import { NOBODY } from '../types.ts';
import type { ServerLine } from '../types.ts';

/** The peers of one upstream: their credits, who is down, and whether there is but one. */
export interface Turns {
  /** A single server without backups is asked for no hash. */
  readonly single: boolean;
  /** Credits by server: what `next` advances. A copy of them asks without advancing. */
  readonly credits: Float64Array;
  isDown(server: number): boolean;
  setDown(server: number, down: boolean): void;
  setWeight(server: number, weight: number): void;
  weight(server: number): number;
  /** Weights of those that are no backups, down ones included. */
  total(): number;
  /** The next server that is up and not tried; backups only when no other is. */
  next(tried: ReadonlySet<number>, credits: Float64Array): number;
}

/** Turns at their start. */
export function turnsOf(servers: readonly ServerLine[]): Turns {
  const weights = servers.map(({ weight }) => weight);
  const downs = servers.map(({ down }) => down);
  const credits = new Float64Array(servers.length);
  const all = [...servers.keys()];
  const primary = all.filter((i) => !servers[i].backup);
  const backup = all.filter((i) => servers[i].backup);

  function best(group: readonly number[], tried: ReadonlySet<number>, of: Float64Array): number {
    let found = NOBODY;
    let total = 0;
    for (const server of group) {
      if (downs[server] || tried.has(server)) continue;
      of[server] += weights[server];
      total += weights[server];
      if (found === NOBODY || of[server] > of[found]) found = server;
    }
    if (found !== NOBODY) of[found] -= total;
    return found;
  }

  return {
    single: primary.length === 1 && backup.length === 0,
    credits,
    isDown: (server) => downs[server],
    setDown: (server, down) => void (downs[server] = down),
    setWeight: (server, weight) => void (weights[server] = weight),
    weight: (server) => weights[server],
    total: () => primary.reduce((total, server) => total + weights[server], 0),
    next(tried, of) {
      const found = best(primary, tried, of);
      return found === NOBODY ? best(backup, tried, of) : found;
    },
  };
}
