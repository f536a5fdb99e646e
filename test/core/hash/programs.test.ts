/** Every input of the recorded table of hash functions, bytes that are no UTF-8 among them, by every function that the lab has. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { rawKey } from '../../../core/hash/bytes.ts';
import { libmemcachedHashes, twemproxyHashes } from '../../../core/profile/memcached/hashes.ts';
import { hashOf } from '../../../core/resolve.ts';

type Row = Readonly<Record<string, string | readonly string[]>> & {
  readonly hex: string;
  readonly libhashkit?: Readonly<Record<string, string>>;
};
const file = new URL('../../golden/hash-functions-programs.json', import.meta.url);
const { table, seeds } = JSON.parse(readFileSync(file, 'utf8')) as {
  table: readonly Row[];
  seeds: Readonly<Record<string, readonly string[] | string>>;
};

/** The lab's name of a column, and how many lanes of 32 bits its values have. */
const plain: Readonly<Record<string, [string, number]>> = {
  crc32: ['crc32', 1],
  fnv1_32: ['fnv1', 1],
  fnv1a_32: ['fnv1a', 1],
  fnv1_64: ['fnv1-64', 2],
  fnv1a_64: ['fnv1a-64', 2],
  siphash24: ['siphash', 2],
};
const seeded: Readonly<Record<string, [string, number]>> = {
  xxh32: ['xxhash32', 1],
  murmur3_x86_32: ['murmur3', 1],
  xxh64: ['xxhash64', 2],
  murmur2_64a: ['murmur2-64', 2],
  murmur3_x64_128: ['murmur3-128', 4],
};
const libhashkit: Readonly<Record<string, string>> = {
  ...Object.fromEntries(['one_at_a_time', 'md5', 'fnv1_32', 'fnv1a_32', 'murmur', 'murmur3', 'jenkins'].map((name) => [name, name])), // prettier-ignore
  crc32_memcached: 'crc32',
  fnv1_64_low32: 'fnv1_64',
  fnv1a_64_low32: 'fnv1a_64',
};
const bytesOf = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, 'hex'));
const digits = (value: number): string => value.toString(16).padStart(8, '0');

function hexOf([name, lanes]: [string, number], hex: string, seed: number): string {
  const hash = hashOf(name);
  if (lanes === 1) return digits(hash(rawKey(bytesOf(hex)), seed));
  const out = new Uint32Array(lanes);
  hash.wide?.lanes?.(rawKey(bytesOf(hex)), seed, out);
  return Array.from({ length: lanes / 2 }, (_, half) => digits(out[2 * half + 1]) + digits(out[2 * half])).join(''); // prettier-ignore
}

/** Seeds that a number holds, with their places. */
function seedsOf(column: string): [number, number][] {
  const own = seeds[column];
  const listed = typeof own === 'string' ? (seeds[own.replace('same as ', '')] as readonly string[]) : own;
  return listed.map((text, i): [number, number] => [Number(text), i]).filter(([seed]) => Number.isSafeInteger(seed)); // prettier-ignore
}

describe('the recorded table', () => {
  it.each(Object.keys(plain))('agrees on every input: %s', (column) => {
    for (const row of table) expect([row.hex, hexOf(plain[column], row.hex, 0)]).toEqual([row.hex, row[column]]); // prettier-ignore
  });

  it.each(Object.keys(seeded))('agrees on every input and seed: %s', (column) => {
    const of = seedsOf(column);
    expect(of.length).toBeGreaterThan(2);
    for (const row of table)
      for (const [seed, i] of of)
        expect([row.hex, seed, hexOf(seeded[column], row.hex, seed)]).toEqual([row.hex, seed, row[column][i]]); // prettier-ignore
  });

  it('agrees on every input with libhashkit, signed bytes and all', () => {
    for (const { hex, libhashkit: recorded = {} } of table) {
      const found = Object.keys(recorded).map((name) => [name, digits(libmemcachedHashes[libhashkit[name]](bytesOf(hex)))]); // prettier-ignore
      expect([hex, Object.fromEntries(found)]).toEqual([hex, recorded]);
    }
  });
});

describe('memcached’s other hashes', () => {
  it.each([
    ['', '00000000'],
    ['61', '93642e87'],
    ['abff80', '51b6dff6'],
    ['6162636465', '84786722'],
    ['e8aa9e', '91ca65d6'],
  ])('gives for %s what libhashkit’s hsieh.cc does, compiled', (hex, expected) => {
    expect(digits(libmemcachedHashes.hsieh(bytesOf(hex)))).toBe(expected);
  });

  it('has the check value of CRC-16/ARC', () => {
    expect(twemproxyHashes.crc16(Buffer.from('123456789'))).toBe(0xbb3d);
  });
});
