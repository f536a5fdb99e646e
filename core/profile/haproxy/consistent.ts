/** HAProxy `hash-type consistent`: the nearest node on either side, bounded loads on top (lb_chash.c). */
import { InputError } from '../../input-error.ts';
import { fallbackOrder } from '../fallbacks.ts';
import { firstAtLeast } from '../points.ts';
import type { Points } from '../points.ts';
import { NOBODY } from '../types.ts';
import type { Choice, ProfileEntry, ProfileOptions, Scheme, ServerLine, Step } from '../types.ts';
import { loadOf } from './bounded.ts';
import { keyHash } from './key-hash.ts';
import { nodesOf } from './nodes.ts';
import { BALANCES, haproxyOptions, HASHES, HASHING_OPTIONS, VALUES } from './options.ts';
import { poolOf } from './pool.ts';

/** A node by what it is, since its place changes with the others. */
interface Node {
  readonly value: number;
  readonly server: number;
}

function nodeAt({ values, servers }: Points, at: number): Node {
  return { value: values[at], server: servers[at] };
}

function placeOf({ values, servers }: Points, node: Node): number {
  let at = firstAtLeast(values, node.value);
  while (values[at] === node.value && servers[at] !== node.server) at++;
  return values[at] === node.value ? at : NOBODY;
}

const NONE_LEFT: ReadonlySet<number> = new Set();

function consistent(servers: readonly ServerLine[], given: ProfileOptions = {}): Scheme {
  const options = haproxyOptions(given, true);
  if (options.factor > 0 && options.factor <= 100)
    throw new InputError(`hash-balance-factor is ${options.factor}; HAProxy takes 0 (off) or more than 100.`);
  const pool = poolOf(servers, options.allBackups);
  const hash = keyHash(options);
  const load = loadOf(pool, options.factor);
  let nodes: Points = nodesOf(pool, pool.group());
  let built = pool.version();
  const heaviest = servers.map(({ weight }) => weight);
  /** The node at which round robin stopped. */
  let last: Node | null = null;

  function current(): Points {
    if (built !== pool.version()) nodes = nodesOf(pool, pool.group());
    built = pool.version();
    return nodes;
  }

  /**
   * Applies a change of a server. Where it takes the node away at which round robin stopped, that is the next one from
   * then on; a server that gets heavier than ever loses all of its nodes first, and then gets them anew.
   */
  function change(server: number, anew: boolean, apply: () => void): void {
    const before = current();
    apply();
    const after = current();
    if (last === null) return;
    const from = placeOf(before, last);
    const places = before.servers.map((_, i) => (from + i) % before.servers.length);
    const stays = (i: number): boolean =>
      !(anew && before.servers[i] === server) && placeOf(after, nodeAt(before, i)) !== NOBODY;
    const at = places.find(stays);
    last = at === undefined ? null : nodeAt(before, at);
  }

  /** Steps from `at` by `by` to a node whose server is not left out. */
  function seek(at: number, by: 1 | -1, left: ReadonlySet<number>): number {
    const { length } = nodes.servers;
    let i = (at + length) % length;
    for (let n = 0; n < length && left.has(nodes.servers[i]); n++) i = (i + by + length) % length;
    return i;
  }

  /** The nearer of the nodes around the hash; at equal distance the one before. */
  function nearest(h: number, left: ReadonlySet<number>): number {
    const { values } = current();
    const after = firstAtLeast(values, h);
    const [next, previous] = [seek(after, 1, left), seek(after - 1, -1, left)];
    return (h - values[previous]) >>> 0 <= (values[next] - h) >>> 0 ? previous : next;
  }

  /** The nearest node, or the first one clockwise from it whose server has room; records the way. */
  function walk(h: number, left: ReadonlySet<number>, steps?: Step[]): number {
    if (pool.group().every((server) => left.has(server))) return NOBODY;
    const { values, servers: owners } = current();
    let at = nearest(h, left);
    for (let n = 0; n < values.length; n++, at = (at + 1) % values.length) {
      const server = owners[at];
      if (left.has(server)) continue;
      const full = pool.firstBackup() === null && !load.hasRoom(server);
      steps?.push({ position: values[at], server: servers[server].name, ...(full && { passed: 'full' }) });
      if (!full) return server;
    }
    return owners[at];
  }

  /** Round robin goes from node to node. */
  function turn(advance: boolean): number {
    const points = current();
    if (points.values.length === 0) return NOBODY;
    const at = last === null ? 0 : (placeOf(points, last) + 1) % points.values.length;
    if (advance) last = nodeAt(points, at);
    return points.servers[at];
  }

  function choose(key: Uint8Array, advance: boolean): number {
    const group = pool.group();
    if (group.length === 1) return group[0]; // HAProxy takes neither hash nor turn for a single server
    const h = hash(key);
    return h === null ? turn(advance) : walk(h, NONE_LEFT);
  }

  const fallbacks = (key: Uint8Array, n: number): number[] => {
    const h = hash(key);
    return h === null ? [turn(false)].filter((i) => i !== NOBODY) : fallbackOrder(n, (left) => walk(h, left));
  };

  function explain(key: Uint8Array): Choice {
    const h = hash(key);
    const steps: Step[] = [];
    const owner = h === null ? turn(false) : walk(h, NONE_LEFT, steps);
    const next = fallbacks(key, servers.length).filter((i) => i !== owner);
    const down = servers.filter((_, i) => !pool.usable(i)).map(({ name }) => name);
    return {
      hash: h,
      unit: 'node',
      steps,
      owner: owner === NOBODY ? null : servers[owner].name,
      next: next.map((i) => servers[i].name),
      notes: [
        ...(h === null
          ? ['HAProxy takes no hash of an empty header: round robin chose']
          : ['the nearest node counts, on either side']),
        ...(down.length > 0
          ? [
              `${down.join(', ')} ${down.length === 1 ? 'is' : 'are'} down or without weight, and so without nodes`,
            ]
          : []),
      ],
    };
  }

  return {
    servers,
    picky: options.balance === 'source',
    pick: (key) => choose(key, true),
    locate: (key) => choose(key, false),
    fallbacks,
    explain,
    started: (server) => {
      load.started(server);
    },
    finished: (server) => {
      load.finished(server);
    },
    setDown(server, down) {
      change(server, false, () => {
        pool.setDown(server, down);
      });
    },
    setWeight(server, weight) {
      change(server, weight > heaviest[server], () => {
        pool.setWeight(server, weight);
      });
      heaviest[server] = Math.max(heaviest[server], weight);
    },
  };
}

export const haproxyConsistent: ProfileEntry = {
  name: 'haproxy-consistent',
  summary:
    'is HAProxy with `hash-type consistent`: 16 nodes per weight, the nearest on either side, loads bounded if told',
  source: 'HAProxy 2.6 to 3.5, src/lb_chash.c',
  can: { removes: 'any', weights: true, keys: true, state: 'load', reweights: true },
  options: { ...HASHING_OPTIONS, avalanche: true },
  choices: { balance: BALANCES, hash: HASHES, value: VALUES },
  make: () => consistent,
};
