/** What is measured: every placement of the lab, and the npm packages that people use for the same. */
import ConsistentHash from 'consistent-hash';
import HashRing from 'hashring';
import jumphash from 'jumphash';
import { probings } from '../core/placement/probing.ts';
import { hashOf } from '../core/resolve.ts';
import { tables } from '../core/tables.ts';
import type { Key, Placement } from '../core/types.ts';

/** Something that finds an owner for a key. */
export type Lookup = (key: Key) => unknown;

/** A scheme or a package, and how it is built over so many servers. */
export interface Subject {
  readonly name: string;
  /** Numbers of servers that make sense for it. */
  readonly sizes: readonly number[];
  readonly build: (servers: number, keys: 'integers' | 'strings') => Lookup;
}

/** Integers by an integer hash, strings by xxHash. */
const HASHES = { integers: 'avalanche', strings: 'xxhash32' } as const;
const VNODES = 100;
const SIZES = [3, 1000, 100_000];
/** What costs too much at 100,000: looking at every server, or 10 million points. */
const SMALL = [3, 1000];

/** A placement of the lab over so many servers. */
export function placementOver(name: string, servers: number, keys: 'integers' | 'strings'): Placement {
  const { entry, args } = tables.placements.choose(name);
  const build = entry.make(entry.suiting?.(servers) ?? args);
  const requestHash = hashOf(HASHES[keys]);
  const slots = Math.max(512, 1 << (32 - Math.clz32(2 * servers * VNODES)));
  const placement = build({ slots, vnodes: VNODES, vnodeFrom: 0, probing: probings.linear, requestHash, serverHash: hashOf('murmur3') }); // prettier-ignore
  for (let id = 0; id < servers; id++) placement.add({ handle: id, id, name: `server-${id}`, weight: 1 });
  return placement;
}

const ours: readonly Subject[] = tables.placements.entries.map(({ name, linear }) => ({
  name,
  sizes: linear || ['ring', 'slot-ring', 'multi-probe'].includes(name) ? SMALL : SIZES,
  build: (servers, keys) => {
    const placement = placementOver(name, servers, keys);
    return (key) => placement.locate(key);
  },
}));

const servers = (count: number): string[] => Array.from({ length: count }, (_, id) => `server-${id}`);

const packages: readonly Subject[] = [
  {
    name: 'npm hashring 3.2.0',
    sizes: SMALL,
    build(count) {
      const ring = new HashRing(servers(count), 'md5', { 'max cache size': 1, 'vnode count': 40 }); // 160 points; its cache of recent keys off
      return (key) => ring.get(String(key));
    },
  },
  {
    name: 'npm consistent-hash 1.2.2',
    sizes: SMALL,
    build(count) {
      const ring = new ConsistentHash({ weight: VNODES, distribution: 'uniform' });
      for (const server of servers(count)) ring.add(server);
      return (key) => ring.get(String(key));
    },
  },
  { name: 'npm jumphash 0.2.2', sizes: SIZES, build: (count) => (key) => jumphash(key, count) },
];

/** What no lookup can do without: the yardstick for keys that are strings. */
const hashAlone: Subject = {
  name: 'the hash alone',
  sizes: SIZES,
  build(_, keys) {
    const hash = hashOf(HASHES[keys]);
    return (key) => hash(key, 0);
  },
};

/** All of them. */
export const subjects: readonly Subject[] = [hashAlone, ...ours, ...packages];
