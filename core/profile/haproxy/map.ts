/** HAProxy's static map of weighted turns: `hash-type map-based` hashes into it, `static-rr` goes through it (lb_map.c). */
import { InputError } from '../../input-error.ts';
import { fallbackOrder } from '../fallbacks.ts';
import { NOBODY } from '../types.ts';
import type { Choice, ProfileEntry, ProfileOptions, Scheme, ServerLine } from '../types.ts';
import { keyHash } from './key-hash.ts';
import type { KeyHash } from './key-hash.ts';
import { BALANCES, haproxyOptions, HASHES, HASHING_OPTIONS, VALUES } from './options.ts';
import { poolOf } from './pool.ts';
import type { Pool } from './pool.ts';

function divisor(a: number, b: number): number {
  return b === 0 ? a : divisor(b, a % b);
}

/**
 * Fills a slot for each unit of weight: scores grow by weight, the first highest takes the slot and pays the total.
 * In HAProxy's integers scores count in whole totals, so that equals go in the file's order. Weights are divided by
 * what they have in common, those of servers that are down included.
 */
export function mapOf(pool: Pool, left: ReadonlySet<number> = new Set()): Int32Array {
  const all = [...pool.servers.keys()];
  const common = all.reduce((found, server) => divisor(found, pool.servers[server].weight), 0) || 1;
  const weight = (server: number): number => pool.servers[server].weight / common;
  const usable = all.filter((server) => pool.usable(server) && !left.has(server));
  const active = usable.filter((server) => !pool.servers[server].backup);
  const among = active.length > 0 ? active : usable;
  const counted = active.length > 0 ? active : standIns(pool, among);
  const total = counted.reduce((sum, server) => sum + weight(server), 0);
  const scores = new Map(among.map((server) => [server, 0]));
  return Int32Array.from({ length: total }, () => {
    const best = total === 1 ? among[0] : highest(among, scores, weight, total);
    scores.set(best, (scores.get(best) ?? 0) - total);
    return best;
  });
}

/** Which backups the map's size counts: the first, or all of them. */
function standIns(pool: Pool, backups: readonly number[]): readonly number[] {
  return pool.allBackups ? backups : backups.slice(0, 1);
}

function highest(
  among: readonly number[],
  scores: Map<number, number>,
  weight: (server: number) => number,
  total: number,
): number {
  let [best, most] = [NOBODY, -1];
  for (const server of among) {
    const score = (scores.get(server) ?? 0) + weight(server);
    scores.set(server, score);
    const whole = Math.trunc((score + total) / total);
    if (best === NOBODY || whole > most) [best, most] = [server, whole];
  }
  return best;
}

function mapScheme(servers: readonly ServerLine[], allBackups: boolean, keyHash?: KeyHash): Scheme {
  const byKey = keyHash !== undefined;
  const hash = keyHash ?? ((): null => null);
  const pool = poolOf(servers, allBackups);
  let map = mapOf(pool);
  let built = pool.version();
  let turn = 0;

  function current(): Int32Array {
    if (built !== pool.version()) map = mapOf(pool);
    built = pool.version();
    return map;
  }

  function choose(key: Uint8Array, advance: boolean): number {
    const { length } = current();
    if (length === 0) return NOBODY;
    if (byKey && pool.group().length === 1) return map[0]; // HAProxy takes neither hash nor turn for a single server
    const h = hash(key);
    if (h !== null) return map[h % length];
    const at = turn < length ? turn : 0;
    if (advance) turn = at + 1;
    return map[at];
  }

  function fallbacks(key: Uint8Array, n: number): number[] {
    const h = hash(key) ?? turn;
    return fallbackOrder(n, (left) => mapOf(pool, left).at(h % (mapOf(pool, left).length || 1)) ?? NOBODY);
  }

  function explain(key: Uint8Array): Choice {
    const owner = choose(key, false);
    const h = hash(key);
    const slot = (h ?? turn) % (current().length || 1);
    const name = owner === NOBODY ? null : servers[owner].name;
    return {
      hash: h,
      unit: h === null ? 'turn' : 'slot',
      steps: name === null ? [] : [{ position: slot, server: name }],
      owner: name,
      next: fallbacks(key, servers.length).filter((i) => i !== owner).map((i) => servers[i].name), // prettier-ignore
      notes: [`the map has ${current().length} slots, and is made anew whenever a server goes or comes`],
    };
  }

  return {
    servers,
    pick: (key) => choose(key, true),
    locate: (key) => choose(key, false),
    fallbacks,
    explain,
    started() {},
    finished() {},
    setDown: (server, down) => {
      pool.setDown(server, down);
    },
    setWeight(server, weight) {
      const { name, weight: initial } = servers[server];
      if (weight !== 0 && weight !== initial)
        throw new InputError(`With a static map HAProxy sets the weight of '${name}' to 0 or back to ${initial} at run time, and to ${weight} only by a restart.`); // prettier-ignore
      pool.setWeight(server, weight);
    },
  };
}

function mapBased(servers: readonly ServerLine[], given: ProfileOptions = {}): Scheme {
  const options = haproxyOptions(given, false);
  const scheme = mapScheme(servers, options.allBackups, keyHash(options));
  return { ...scheme, picky: options.balance === 'source' };
}

export const haproxyMapBased: ProfileEntry = {
  name: 'haproxy-map-based',
  summary: "is HAProxy's default for hashes, `hash-type map-based`: the hash modulo a map of weighted turns",
  source: 'HAProxy 2.6 to 3.5, src/lb_map.c',
  can: { removes: 'any', weights: true, keys: true, state: 'none', reweights: false },
  options: HASHING_OPTIONS,
  choices: { balance: BALANCES, hash: HASHES, value: VALUES },
  make: () => mapBased,
};

export const haproxyStaticRoundRobin: ProfileEntry = {
  name: 'haproxy-static-rr',
  summary: 'is HAProxy with `balance static-rr`: weighted turns through a map that is made once',
  source: 'HAProxy 2.6 to 3.5, src/lb_map.c',
  can: { removes: 'any', weights: true, keys: false, state: 'turns', reweights: false },
  options: { allBackups: false },
  make:
    () =>
    (servers, { allBackups = false } = {}) =>
      mapScheme(servers, allBackups === true),
};
