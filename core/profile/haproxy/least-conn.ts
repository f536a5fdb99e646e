/** HAProxy `balance leastconn`: the fewest requests in flight for the weight, and among equals the one that waited longest (lb_fwlc.c). */
import { NOBODY } from '../types.ts';
import type { ProfileEntry, ProfileOptions, Scheme, ServerLine } from '../types.ts';
import { keyless } from './keyless.ts';
import { changing, poolOf, SCALE } from './pool.ts';
import { turnTree } from './turn-tree.ts';

const MOST_WEIGHT = 256 * SCALE;

function leastConnections(
  servers: readonly ServerLine[],
  { allBackups = false }: ProfileOptions = {},
): Scheme {
  const pool = poolOf(servers, allBackups === true);
  const served = new Int32Array(servers.length);
  const keys = new Float64Array(servers.length).fill(NOBODY);
  const [active, backup] = [turnTree(), turnTree()];
  const treeOf = (server: number): typeof active => (servers[server].backup ? backup : active);

  /** Idle servers are equal whatever their weights; a busy one counts the request that it would get. */
  function keyOf(server: number): number {
    const scaled = pool.weight(server) * SCALE;
    return served[server] === 0 ? 0 : Math.floor(((served[server] + 1) * MOST_WEIGHT) / scaled);
  }

  function queue(server: number): void {
    treeOf(server).delete(server);
    keys[server] = pool.usable(server) ? keyOf(server) : NOBODY;
    if (pool.usable(server)) treeOf(server).insert(server, keys[server]);
  }

  /** A server whose key is as it was keeps its place. */
  function count(server: number, by: 1 | -1): void {
    served[server] += by;
    if (pool.usable(server) && keys[server] !== keyOf(server)) queue(server);
  }

  function next(): number {
    if (pool.group().length === 0) return NOBODY;
    return pool.firstBackup() ?? treeOf(pool.group()[0]).first() ?? NOBODY;
  }

  function change(server: number, apply: () => void): void {
    const [was, weight] = [pool.usable(server), pool.weight(server)];
    apply();
    if (was !== pool.usable(server) || weight !== pool.weight(server)) queue(server);
  }

  for (const server of servers.keys()) queue(server);
  return keyless(servers, { pick: next, locate: next }, 'requests in flight decide, whatever the key', {
    started: (server) => {
      count(server, 1);
    },
    finished: (server) => {
      count(server, -1);
    },
    ...changing(pool, change),
  });
}

export const haproxyLeastConn: ProfileEntry = {
  name: 'haproxy-leastconn',
  summary:
    'is HAProxy with `balance leastconn`: the fewest in flight for the weight, idle servers one after another',
  source: 'HAProxy 2.2 to 2.8, src/lb_fwlc.c; from 3.0 on ties may go in another order',
  can: { removes: 'any', weights: true, keys: false, state: 'load', reweights: true },
  options: { allBackups: false },
  make: () => leastConnections,
};
