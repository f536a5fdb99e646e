/** nginx's own round robin, which every method of it falls back on (ngx_http_upstream_round_robin.c). */
import { checkServers, checkWeight } from '../servers.ts';
import { NOBODY } from '../types.ts';
import type { ServerLine } from '../types.ts';

/** nginx takes up to 2^63 - 1; up to here the sums of thousands of servers are exact in doubles. */
export const NGINX_WEIGHTS = { min: 1, max: 1_000_000_000_000 };

/** The peers of one upstream: their credits, who is down, and whether there is but one. */
export interface Turns {
  /** A single server without backups is asked for no hash. */
  readonly single: boolean;
  /** Credits by server: what `next` advances. A copy of them asks without advancing. */
  readonly credits: Float64Array;
  /** Those that are no backups, and those that are, in the file's order. */
  readonly primary: readonly number[];
  readonly backup: readonly number[];
  isDown(server: number): boolean;
  setDown(server: number, down: boolean): void;
  setWeight(server: number, weight: number): void;
  weight(server: number): number;
  /** Weights of those that are no backups, down ones included. */
  total(): number;
  /** The one of these whose turn it is among those that are up and not tried, or NOBODY. */
  best(among: readonly number[], tried: ReadonlySet<number>, credits: Float64Array): number;
  /** The next server that is up and not tried; backups only when no other is. */
  next(tried: ReadonlySet<number>, credits: Float64Array): number;
}

/** Turns at their start. @throws InputError for servers that nginx would refuse. */
export function turnsOf(servers: readonly ServerLine[]): Turns {
  checkServers('nginx', servers, NGINX_WEIGHTS, true);
  const weights = servers.map(({ weight }) => weight);
  const downs = servers.map(({ down }) => down);
  const credits = new Float64Array(servers.length);
  const all = [...servers.keys()];
  const primary = all.filter((i) => !servers[i].backup);
  const backup = all.filter((i) => servers[i].backup);

  const sumOf = (group: readonly number[]): number => group.reduce((sum, server) => sum + weights[server], 0);
  let total = sumOf(primary);

  function best(group: readonly number[], tried: ReadonlySet<number>, of: Float64Array): number {
    let found = NOBODY;
    let sum = 0;
    for (const server of group) {
      if (downs[server] || tried.has(server)) continue;
      of[server] += weights[server];
      sum += weights[server];
      if (found === NOBODY || of[server] > of[found]) found = server;
    }
    if (found !== NOBODY) of[found] -= sum;
    return found;
  }

  return {
    single: primary.length === 1 && backup.length === 0,
    credits,
    primary,
    backup,
    isDown: (server) => downs[server],
    setDown: (server, down) => void (downs[server] = down),
    setWeight(server, weight) {
      checkWeight('nginx', servers[server].name, weight, NGINX_WEIGHTS);
      weights[server] = weight;
      total = sumOf(primary);
    },
    weight: (server) => weights[server],
    total: () => total,
    best,
    next(tried, of) {
      const found = best(primary, tried, of);
      return found === NOBODY ? best(backup, tried, of) : found;
    },
  };
}
