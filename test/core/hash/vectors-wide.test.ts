/** The 64-bit hash functions, memcached's and HAProxy's against published vectors and the programs themselves. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { fullHash } from '../../../core/hash/avalanche.ts';
import { hashOf } from '../../../core/resolve.ts';
import type { Key } from '../../../core/types.ts';

type BySeed = readonly string[];
interface Golden {
  readonly seeds: Readonly<Record<string, BySeed>>;
  readonly table: readonly [string, string, string, string, string, BySeed, BySeed, BySeed, ...string[]][];
  readonly siphashOfficial: readonly string[];
  readonly fnvOfficial: readonly [string, string, string, string][];
  readonly haproxy: readonly [
    string,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    string,
    string,
  ][];
}

const file = new URL('../../golden/hash-functions-wide.json', import.meta.url);
const golden = JSON.parse(readFileSync(file, 'utf8')) as Golden;

/** The value in hex; for wide hashes from their lanes, lowest last. */
function hex(name: string, key: Key, seed = 0): string {
  const hash = hashOf(name);
  if (!hash.wide?.lanes) return hash(key, seed).toString(16).padStart(8, '0');
  const lanes = new Uint32Array(name === 'murmur3-128' ? 4 : 2);
  hash.wide.lanes(key, seed, lanes);
  const words = Array.from(lanes, (lane) => lane.toString(16).padStart(8, '0'));
  return [1, 0, 3, 2].map((lane) => words.at(lane) ?? '').join('');
}

/** Vectors whose seed a number holds. */
function bySeed(name: string, key: Key, expected: BySeed): void {
  golden.seeds[name].forEach((text, i) => {
    const seed = Number(text);
    if (Number.isSafeInteger(seed)) expect([name, key, text, hex(name, key, seed)]).toEqual([name, key, text, expected[i]]); // prettier-ignore
  });
}

describe('published vectors', () => {
  it('agree with the programs of the hash functions’ authors', () => {
    for (const [key, fnv1, fnv1Wide, fnv1aWide, sip, xx, murmur3, murmur2] of golden.table) {
      const names = ['fnv1', 'fnv1-64', 'fnv1a-64', 'siphash'];
      expect([key, ...names.map((name) => hex(name, key))]).toEqual([key, fnv1, fnv1Wide, fnv1aWide, sip]);
      bySeed('xxhash64', key, xx);
      bySeed('murmur3-128', key, murmur3);
      bySeed('murmur2-64', key, murmur2);
    }
  });

  it('agree with libhashkit, whose murmur is seeded by the length', () => {
    const rows = golden.table.filter((row) => row.length > 8);
    for (const [key, , , , , , , , jenkins, crc, murmur] of rows) {
      const seed = Math.imul(0xdeadbeef, key.length) >>> 0;
      const ours = [hex('one-at-a-time', key), hex('crc32-memcached', key), hex('murmur2', key, seed)];
      expect([key, ...ours]).toEqual([key, jenkins, crc, murmur]);
    }
    expect(rows.length).toBeGreaterThan(50);
  });

  it('agree with the vectors of SipHash for 0 to 63 bytes', () => {
    golden.siphashOfficial.forEach((bytes, length) => {
      const key = String.fromCharCode(...Array(length).keys());
      const littleEndian = bytes.match(/../g) ?? [];
      expect([length, hex('siphash', key)]).toEqual([length, [...littleEndian].reverse().join('')]);
    });
  });

  it('agree with the test suite of FNV', () => {
    for (const [key, ...expected] of golden.fnvOfficial) {
      expect([key, ...['fnv1', 'fnv1-64', 'fnv1a-64'].map((name) => hex(name, key))]).toEqual([key, ...expected]); // prettier-ignore
    }
  });

  it('agree with HAProxy’s converters, with and without avalanche', () => {
    const [sdbm, djb2, wt6, xxhash64] = ['sdbm', 'djb2', 'wt6', 'xxhash64'].map((name) => hashOf(name));
    for (const [key, ...expected] of golden.haproxy) {
      const plain = [sdbm, djb2, wt6].flatMap((hash) => [hash(key, 0), fullHash(hash(key, 0))]);
      const wide = [0, 7].map((seed) => String(xxhash64.wide?.value(key, seed)));
      expect([key, ...plain, hashOf('crc32')(key, 0), ...wide]).toEqual([key, ...expected]);
    }
  });
});

describe('the integer avalanche', () => {
  it('is full_hash of the key’s integer', () => {
    for (const key of [0, 1, 4096, 4_294_967_295]) expect(hashOf('avalanche')(key, 0)).toBe(fullHash(key));
    expect(hashOf('avalanche')('7', 0)).toBe(fullHash(7));
  });

  it('keeps server 1’s virtual server 11 apart from server 11’s virtual server 1', () => {
    expect(hashOf('avalanche')(1, 11)).not.toBe(hashOf('avalanche')(11, 1));
  });
});

describe('lanes', () => {
  it('are the value’s words, and those that do not fit are dropped', () => {
    for (const name of ['xxhash64', 'murmur3-128', 'siphash', 'fnv1a-64', 'murmur2-64']) {
      const { wide } = hashOf(name);
      const lanes = new Uint32Array(2);
      wide?.lanes?.('/home', 3, lanes);
      const low64 = BigInt.asUintN(64, wide?.value('/home', 3) ?? 0n);
      expect((BigInt(lanes[1]) << 32n) | BigInt(lanes[0])).toBe(low64);
      const one = new Uint32Array(1);
      wide?.lanes?.('/home', 3, one);
      expect(one[0]).toBe(lanes[0]);
    }
  });
});
