/** The scheme that all of memcached's clients share: a circle of points, or a list, and the first at or after the key. */
import type { BytesHash } from '../bytes-hash.ts';
import { fallbackOrder } from '../fallbacks.ts';
import { firstAtLeast } from '../points.ts';
import type { Points } from '../points.ts';
import { checkServers, checkWeight } from '../servers.ts';
import type { WeightRange } from '../servers.ts';
import { NOBODY } from '../types.ts';
import type { Choice, Scheme, ServerLine } from '../types.ts';

/** What a client makes of its servers: a circle, or positions in a row. */
export interface Continuum {
  readonly program: string;
  readonly weights: WeightRange;
  readonly hash: BytesHash;
  /** Points of these servers with these weights, by index; servers that are down are not among them. */
  points(members: readonly number[], weightOf: (server: number) => number): Points;
  /** Whether a key's place is its hash modulo the number of points, rather than on the circle. */
  readonly modulo: boolean;
  /** Servers that are tried next, where the client has an order of its own. */
  next?(key: Uint8Array, find: (hash: number) => number, n: number): number[];
}

/** The scheme. A server that is down is ejected: its points go. */
export function continuumScheme(servers: readonly ServerLine[], how: Continuum): Scheme {
  checkServers(how.program, servers, how.weights);
  const weights = servers.map(({ weight }) => weight);
  const downs = servers.map(({ down }) => down);
  const build = (left: ReadonlySet<number> = new Set()): Points => {
    const members = [...servers.keys()].filter((i) => !downs[i] && !left.has(i));
    return how.points(members, (server) => weights[server]);
  };
  let points = build();

  function indexIn({ values }: Points, hash: number): number {
    return (how.modulo ? hash : firstAtLeast(values, hash)) % values.length;
  }
  function find(hash: number, among: Points): number {
    return among.values.length === 0 ? NOBODY : among.servers[indexIn(among, hash)];
  }
  const locate = (key: Uint8Array): number => find(how.hash(key), points);

  function fallbacks(key: Uint8Array, n: number): number[] {
    const own = how.next?.(key, (hash) => find(hash, points), n);
    return own ?? fallbackOrder(n, (left) => find(how.hash(key), build(left)));
  }

  function explain(key: Uint8Array): Choice {
    const hash = how.hash(key);
    const owner = find(hash, points);
    const at = owner === NOBODY ? 0 : indexIn(points, hash);
    const next = fallbacks(key, servers.length).filter((i) => i !== owner);
    return {
      hash,
      unit: how.modulo ? 'slot' : 'point',
      steps:
        owner === NOBODY
          ? []
          : [{ position: how.modulo ? at : points.values[at], server: servers[owner].name }],
      owner: owner === NOBODY ? null : servers[owner].name,
      next: next.map((i) => servers[i].name),
      notes: [],
    };
  }

  return {
    servers,
    pick: locate,
    locate,
    fallbacks,
    explain,
    started() {},
    finished() {},
    setDown(server, down) {
      downs[server] = down;
      points = build();
    },
    setWeight(server, weight) {
      checkWeight(how.program, servers[server].name, weight, how.weights);
      weights[server] = weight;
      points = build();
    },
  };
}
