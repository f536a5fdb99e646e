/** The hash functions against published vectors, other people's programs, and Node's own digests. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hashOf } from '../../../core/resolve.ts';
import { anyInteger, anyText } from '../../keys.ts';

type BySeed = readonly string[];
interface Golden {
  readonly seeds: readonly number[];
  readonly table: readonly [string, string, string, BySeed, BySeed][];
  readonly fnvOfficial: readonly [string, string][];
  readonly haproxy: readonly [string, number, number, number][];
  readonly prefixes: readonly { readonly text: string; readonly rows: readonly [string, BySeed, BySeed][] }[];
}

const file = new URL('../../golden/hash-functions.json', import.meta.url);
const golden = JSON.parse(readFileSync(file, 'utf8')) as Golden;
const [crc32, fnv1a, murmur3, xxhash32] = ['crc32', 'fnv1a', 'murmur3', 'xxhash32'].map((name) =>
  hashOf(name),
);
const hex = (value: number): string => value.toString(16).padStart(8, '0');

describe('published vectors', () => {
  it('agree with the programs of the hash functions’ authors, for keys of 0 to 63 bytes', () => {
    for (const [key, crc, fnv, xx, murmur] of golden.table) {
      expect([key, hex(crc32(key, 0)), hex(fnv1a(key, 0))]).toEqual([key, crc, fnv]);
      expect([key, golden.seeds.map((seed) => hex(xxhash32(key, seed)))]).toEqual([key, xx]);
      expect([key, golden.seeds.map((seed) => hex(murmur3(key, seed)))]).toEqual([key, murmur]);
    }
  });

  it.each(golden.prefixes)('agree for every length from 0 to 100 of "$text"', ({ text, rows }) => {
    const letters = Array.from(text);
    rows.forEach(([crc, xx, murmur], length) => {
      const key = letters.slice(0, length).join('');
      expect([length, hex(crc32(key, 0))]).toEqual([length, crc]);
      expect([length, golden.seeds.map((seed) => hex(xxhash32(key, seed)))]).toEqual([length, xx]);
      expect([length, golden.seeds.map((seed) => hex(murmur3(key, seed)))]).toEqual([length, murmur]);
    });
    expect(rows).toHaveLength(101);
  });

  it('agree with the test suite of FNV', () => {
    for (const [key, fnv] of golden.fnvOfficial) expect([key, hex(fnv1a(key, 0))]).toEqual([key, fnv]);
  });

  it('agree with HAProxy’s converters', () => {
    for (const [key, crc, xx, xx7] of golden.haproxy) {
      expect([key, crc32(key, 0), xxhash32(key, 0), xxhash32(key, 7)]).toEqual([key, crc, xx, xx7]);
    }
  });

  it('give the check value of CRC-32', () => {
    expect(hex(crc32('123456789', 0))).toBe('cbf43926');
    expect(crc32(123_456_789, 0)).toBe(crc32('123456789', 0));
  });
});

describe.each([murmur3, xxhash32])('a hash function with a seed of 32 bits', (hash) => {
  it('takes a larger seed modulo 2^32', () => {
    for (const seed of [2 ** 32, 2 ** 32 + 7, 2 ** 53 - 1]) {
      expect(hash('a key of more than sixteen bytes', seed)).toBe(
        hash('a key of more than sixteen bytes', seed % 2 ** 32),
      );
    }
  });
});

describe.each(['md5', 'sha1', 'sha256'])('%s', (name) => {
  const { wide } = hashOf(name);
  const digest = (text: string): bigint => BigInt(`0x${createHash(name).update(text).digest('hex')}`);

  it('is int(hexdigest, 16) of the key', () => {
    fc.assert(
      fc.property(fc.oneof(anyInteger, anyText), fc.integer({ min: 1, max: 2 ** 24 }), (key, m) => {
        expect(wide?.value(key, 0)).toBe(digest(String(key)));
        expect(wide?.mod(key, 0, m)).toBe(Number(digest(String(key)) % BigInt(m)));
      }),
    );
  });

  it('is that of key#seed under a seed, so that 1 and 11 stay apart', () => {
    expect(wide?.value(1, 11)).toBe(digest('1#11'));
    expect(wide?.value('node1', 2 ** 53 - 1)).toBe(digest('node1#9007199254740991'));
    expect(wide?.value(11, 1)).not.toBe(wide?.value(1, 11));
  });
});

describe('the lab’s polynomials', () => {
  it('are i² + 2i + 17 and i² + j² + 2j + 25 (LAB 2.2, 2.3)', () => {
    const [request, server] = [hashOf('poly'), hashOf('phi')];
    expect(request(999_999, 0)).toBe((999_999 * 999_999 + 2 * 999_999 + 17) % 2 ** 32);
    expect(request.wide?.value(999_999, 0)).toBe(1_000_000_000_016n);
    expect(server(3, 8)).toBe(9 + 64 + 16 + 25);
  });

  it('take text that spells no integer by its FNV-1a, and leading zeros spell none', () => {
    const modulo = hashOf('modulo');
    for (const text of ['007', '', '-0', '+7', '1e3', ' 7', '9007199254740993', 'S1']) {
      expect([text, modulo(text, 0)]).toEqual([text, fnv1a(text, 0)]);
    }
    expect(modulo('7', 0)).toBe(7);
    expect(modulo('-7', 0)).toBe(2 ** 32 - 7);
    expect(modulo(NaN, 0)).toBe(fnv1a('NaN', 0));
  });
});
