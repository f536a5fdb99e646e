/** Real balancers that go by the key, slow and plain: the points of all servers are made anew, and all of them looked at. */
import { createHash } from 'node:crypto';
import { fullHash } from '../../core/hash/avalanche.ts';
import { crc32 } from '../../core/hash/crc32.ts';
import { sdbm } from '../../core/hash/sdbm.ts';
import { xxhash64 } from '../../core/hash/xxhash64.ts';
import type { ServerLine } from '../../core/profile/types.ts';
import { NOBODY } from '../../core/profile/types.ts';
import { turnMap } from './slow-turns.ts';

/** The server of a key of ASCII, as the servers stand; `weights` are those of the start. */
export type SlowKeys = (lines: readonly ServerLine[], key: string, weights: readonly number[]) => number;

interface Point {
  readonly at: number;
  readonly server: number;
}

const AROUND = 2 ** 32;
/** One more candidate than nginx lets fail. */
const CANDIDATES = 21;
const crcOf = (text: string): number => crc32.make([])(text, 0);
const upIn = (lines: readonly ServerLine[]): number[] => [...lines.keys()].filter((i) => !lines[i].down && lines[i].weight > 0); // prettier-ignore
const firstFrom = (points: readonly Point[], h: number): number => (points.find(({ at }) => at >= h) ?? points.at(0))?.server ?? NOBODY; // prettier-ignore

/** The first candidate that is up; after them the heaviest, which fresh turns begin with. */
function firstUp(lines: readonly ServerLine[], candidate: (n: number) => number): number {
  const found = Array.from({ length: CANDIDATES }, (_, n) => candidate(n)).find((i) => !lines[i].down);
  const heaviest = upIn(lines).sort((a, b) => lines[b].weight - lines[a].weight || a - b).at(0); // prettier-ignore
  return found ?? heaviest ?? NOBODY;
}

const unitsOf = (lines: readonly ServerLine[]): number[] => lines.flatMap(({ weight }, i) => Array<number>(weight).fill(i)); // prettier-ignore

export const nginxHash: SlowKeys = (lines, key) => {
  const units = unitsOf(lines);
  const fold = (text: string): number => (crcOf(text) >>> 16) & 0x7fff;
  let sum = 0;
  return firstUp(lines, (n) => units[(sum += fold(n === 0 ? key : `${n}${key}`)) % units.length]);
};

export const nginxIpHash: SlowKeys = (lines, key) => {
  const units = unitsOf(lines);
  const bytes = key.split('.').slice(0, 3).map(Number); // prettier-ignore
  let hash = 89;
  return firstUp(lines, () => {
    hash = bytes.reduce((h, byte) => (h * 113 + byte) % 6271, hash);
    return units[hash % units.length];
  });
};

export const nginxKetama: SlowKeys = (lines, key) => {
  const points = lines.flatMap(({ address, weight }, server) => {
    let before = 0;
    return Array.from({ length: 160 * weight }, (): Point => {
      const tail = String.fromCharCode(...[0, 8, 16, 24].map((bits) => (before >>> bits) & 255));
      before = crc32Bytes(`${address.replace(':', '\0')}${tail}`);
      return { at: before, server };
    });
  });
  points.sort((a, b) => a.at - b.at || a.server - b.server);
  const single = points.filter(({ at }, i) => at !== points[i - 1]?.at);
  const from = single.findIndex(({ at }) => at >= crcOf(key));
  return firstUp(lines, (n) => single[(Math.max(from, 0) + n) % single.length].server);
};

/** CRC-32 bit by bit, over text whose units are bytes. */
function crc32Bytes(text: string): number {
  let crc = 0xffffffff;
  for (const byte of Buffer.from(text, 'latin1')) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}

export const haproxyConsistent: SlowKeys = (lines, key) => {
  const h = fullHash(sdbm.make([])(key, 0));
  const points = upIn(lines).flatMap(
    (server) =>
    Array.from({ length: lines[server].weight * 16 }, (_, j) => ({ server, at: fullHash((server + 1) * 4096 + j) })), // prettier-ignore
  );
  const nearest = (distance: (at: number) => number): Point & { far: number } =>
    points.map((point) => ({ ...point, far: (distance(point.at) + AROUND) % AROUND })).reduce((a, b) => (b.far < a.far ? b : a), { server: NOBODY, at: 0, far: AROUND }); // prettier-ignore
  const [before, after] = [nearest((at) => h - at), nearest((at) => at - h)];
  return before.far <= after.far ? before.server : after.server;
};

export const haproxyMap: SlowKeys = (lines, key, weights) => {
  const map = turnMap(lines, weights);
  return map.length === 0 ? NOBODY : map[sdbm.make([])(key, 0) % map.length];
};

const xx64 = (text: string, seed = 0): bigint => xxhash64.make([]).wide?.value(text, seed) ?? 0n;

/** The hosts that take requests, and their part of the weight: all hosts where less than half is healthy. */
function envoyHosts(lines: readonly ServerLine[]): { server: number; weight: number }[] {
  const up = upIn(lines);
  const asked = up.length * 2 < lines.length ? [...lines.keys()] : up;
  const total = asked.reduce((sum, i) => sum + lines[i].weight, 0);
  return asked.map((server) => ({ server, weight: lines[server].weight / total }));
}

export const envoyRing =
  (minimum: number): SlowKeys =>
  (lines, key) => {
    const hosts = envoyHosts(lines);
    const least = Math.min(...hosts.map(({ weight }) => weight));
    const scale = Math.ceil(least * minimum) / least;
    let [target, entries] = [0, 0];
    const ring = hosts.flatMap(({ server, weight }) => {
      target += scale * weight;
      const own = Math.max(0, Math.ceil(target - entries));
      entries += own;
      return Array.from({ length: own }, (_, i) => ({ server, at: xx64(`${lines[server].address}_${i}`) })); // prettier-ignore
    });
    ring.sort((a, b) => (a.at < b.at ? -1 : 1));
    return (ring.find(({ at }) => at >= xx64(key)) ?? ring[0]).server;
  };

export const envoyMaglev =
  (size: number): SlowKeys =>
  (lines, key) => {
    const hosts = envoyHosts(lines).map((host) => ({ ...host, target: 0 }));
    hosts.sort((a, b) => (lines[a.server].address < lines[b.server].address ? -1 : 1));
    const most = Math.max(...hosts.map(({ weight }) => weight));
    const table = Array<number>(size).fill(NOBODY);
    for (let turn = 1; table.includes(NOBODY); turn++) {
      for (const host of hosts) {
        if (turn * host.weight < host.target) continue;
        host.target += most;
        const { address } = lines[host.server];
        const offset = Number(xx64(address) % BigInt(size));
        const skip = Number(xx64(address, 1) % BigInt(size - 1)) + 1;
        const places = Array.from({ length: size }, (_, j) => (offset + j * skip) % size);
        const free = places.find((place) => table[place] === NOBODY);
        if (free !== undefined) table[free] = host.server;
      }
    }
    return table[Number(xx64(key) % BigInt(size))];
  };

function md5Words(text: string): number[] {
  const digest = createHash('md5').update(text).digest();
  return [0, 4, 8, 12].map((at) => digest.readUInt32LE(at));
}

/** FNV-1a of 64 bits, of which memcached's clients keep the low half. */
function fnv1a64(text: string): number {
  const whole = Buffer.from(text).reduce((h, byte) => BigInt.asUintN(64, (h ^ BigInt(byte)) * 0x100000001b3n), 0xcbf29ce484222325n); // prettier-ignore
  return Number(BigInt.asUintN(32, whole));
}

/** Ketama with weights; of equal points the first server's counts, or the last one's. */
export const ketama =
  (hash: 'md5' | 'fnv', twins: 'first' | 'last'): SlowKeys =>
  (lines, key) => {
    const up = upIn(lines);
    const total = up.reduce((sum, i) => sum + lines[i].weight, 0);
    const points = up.flatMap((server) => {
      const share = Math.fround(lines[server].weight / total);
      const digests = Math.floor(Math.fround(Math.fround(share * 40) * up.length));
      const words = Array.from({ length: digests }, (_, k) => md5Words(`${lines[server].address}-${k}`));
      return words.flat().map((at): Point => ({ at, server }));
    });
    const order = twins === 'first' ? 1 : -1;
    points.sort((a, b) => a.at - b.at || order * (a.server - b.server));
    return firstFrom(points, hash === 'md5' ? md5Words(key)[0] : fnv1a64(key));
  };
