/** nginx `least_conn`: the fewest requests in flight for the weight, ties by smooth weighted round robin (ngx_http_upstream_least_conn_module.c). */
import { NOBODY } from '../types.ts';
import type { ProfileEntry, Scheme, ServerLine } from '../types.ts';
import { hashingScheme } from './request.ts';
import { turnsOf } from './turns.ts';
import type { Turns } from './turns.ts';

/** The turns, whose next server is one of those with the fewest in flight. */
function byConnections(turns: Turns, inFlight: Int32Array): Turns {
  return {
    ...turns,
    next(tried, credits) {
      const found = fewest(turns.primary, tried, credits);
      return found === NOBODY ? fewest(turns.backup, tried, credits) : found;
    },
  };

  /** Compares by products, since quotients round. */
  function lighter(a: number, b: number): boolean {
    return inFlight[a] * turns.weight(b) < inFlight[b] * turns.weight(a);
  }

  function fewest(among: readonly number[], tried: ReadonlySet<number>, credits: Float64Array): number {
    const open = among.filter((server) => !tried.has(server) && !turns.isDown(server));
    if (open.length === 0) return NOBODY;
    const least = open.reduce((best, server) => (lighter(server, best) ? server : best));
    const ties = open.filter((server) => !lighter(least, server));
    return ties.length === 1 ? least : turns.best(ties, tried, credits);
  }
}

function leastConn(servers: readonly ServerLine[]): Scheme {
  const inFlight = new Int32Array(servers.length);
  const turns = byConnections(turnsOf(servers), inFlight);
  const scheme = hashingScheme(servers, turns, {
    unit: 'turn',
    keyless: 'requests in flight decide, and turns among equals, whatever the key',
    candidates: () => null,
    rebuild() {},
  });
  return {
    ...scheme,
    started(server) {
      inFlight[server]++;
    },
    finished(server) {
      inFlight[server]--;
    },
  };
}

export const nginxLeastConn: ProfileEntry = {
  name: 'nginx-least-conn',
  summary: 'is nginx with `least_conn`: the fewest in flight for the weight, ties in smooth weighted turns',
  source: 'nginx 1.22, ngx_http_upstream_least_conn_module.c',
  can: { removes: 'any', weights: true, keys: false, state: 'load', reweights: true },
  options: {},
  make: () => leastConn,
};
