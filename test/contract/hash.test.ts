/** What every hash function of the table promises, and a user's own one with them. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ownHash } from '../../core/hash/own.ts';
import { MAX_SLOTS, exactHash, slotOf, slotsOf } from '../../core/hash/slot.ts';
import { hashOf } from '../../core/resolve.ts';
import { tables } from '../../core/tables.ts';
import type { HashFunction, Key } from '../../core/types.ts';
import { anyInteger, anyKey, anySeed } from '../keys.ts';

const own = ownHash('own', (key, seed) => BigInt(String(key).length) * 31n - BigInt(seed) * 7n);
const ownOfOne = ownHash('own-of-one', (key) =>
  Array.from(String(key)).reduce((h, c) => Math.imul(h, 31) + c.charCodeAt(0), 7),
);
const extremes = ['poly(-512,-512,-512)', 'poly(1e9,-1e9,1e9)', 'phi(-512,-512,-512,-512)', 'phi(0,0,0,-1)'];

const functions: [string, HashFunction][] = [
  ...[...tables.hashes.entries.map(({ name }) => name), ...extremes].map((spec): [string, HashFunction] => [
    spec,
    hashOf(spec),
  ]),
  ...[own, ownOfOne].map((entry): [string, HashFunction] => [entry.name, entry.make([])]),
];

const anySlots = fc.oneof(
  fc.constantFrom(1, 2, 512, 1021, MAX_SLOTS - 1, MAX_SLOTS),
  fc.integer({ min: 1, max: MAX_SLOTS }),
);

describe.each(functions)('%s', (spec, hash) => {
  it('gives an unsigned 32-bit integer for every key and seed', () => {
    const unsigned = (h: number): boolean => Object.is(h, h >>> 0);
    fc.assert(fc.property(anyKey, anySeed, (key, seed) => unsigned(hash(key, seed))));
    expect(unsigned(hash('語'.repeat(1_000_000), 1))).toBe(true);
  });

  it('does not tell an integer from its decimal digits', () => {
    fc.assert(
      fc.property(anyInteger, anySeed, (n, seed) => {
        expect(hash(String(n), seed)).toBe(hash(n, seed));
      }),
    );
    for (const n of [0, -1, -7, 1e15, 2 ** 53 - 1, -(2 ** 53 - 1)])
      expect(hash(String(n), 0)).toBe(hash(n, 0));
  });

  it('gives the slots of a column that it gives one by one', () => {
    const anyNumbers = fc.array(fc.oneof(anyInteger, fc.nat(1 << 22), fc.double({ noNaN: true })), {
      maxLength: 30,
    });
    fc.assert(
      fc.property(anyNumbers, anySlots, (numbers, m) => {
        const out = new Int32Array(numbers.length + 1).fill(-1);
        slotsOf(hash, Float64Array.from(numbers), m, out, numbers.length);
        expect([...out]).toEqual([...numbers.map((number) => slotOf(hash, number, 0, m)), -1]);
      }),
    );
  });

  it('remembers nothing between calls', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(anyKey, anySeed), { minLength: 2, maxLength: 8 }), (calls) => {
        const alone = calls.map(([key, seed]) => hash(key, seed));
        const backwards = [...calls].reverse().map(([key, seed]) => hash(key, seed));
        expect(backwards.reverse()).toEqual(alone);
      }),
    );
  });

  it('gives other values for other seeds', () => {
    const bySeed = (key: Key): Set<number> => new Set(Array.from({ length: 100 }, (_, s) => hash(key, s)));
    if (spec === 'phi(0,0,0,-1)') expect(bySeed(123_456).size).toBe(1);
    else expect(bySeed(123_456).size).toBeGreaterThan(98);
  });

  it('puts a key into a slot in range, whatever their number', () => {
    fc.assert(
      fc.property(anyKey, anySeed, anySlots, (key, seed, slots) => {
        const slot = slotOf(hash, key, seed, slots);
        expect(Object.is(slot, Math.floor(Math.abs(slot)))).toBe(true);
        expect(slot).toBeLessThan(slots);
      }),
    );
  });

  it('shows the exact value, of which it is the low 32 bits', () => {
    fc.assert(
      fc.property(anyKey, anySeed, (key, seed) => {
        const exact = BigInt(exactHash(hash, key, seed));
        expect(Number(BigInt.asUintN(32, exact))).toBe(hash(key, seed));
      }),
    );
  });
});

describe.each(functions.filter(([, { wide }]) => wide))('%s, which is wide', (_spec, { wide }) => {
  it('divides its exact value with a remainder that is never negative', () => {
    fc.assert(
      fc.property(anyKey, anySeed, anySlots, (key, seed, m) => {
        const value = wide?.value(key, seed) ?? 0n;
        const remainder = ((value % BigInt(m)) + BigInt(m)) % BigInt(m);
        expect(wide?.mod(key, seed, m)).toBe(Number(remainder));
      }),
    );
  });
});

describe('a hash function of one’s own', () => {
  it('sees the seed as text when it takes only a key', () => {
    const seen: Key[] = [];
    const hash = ownHash('seen', (key) => seen.push(key)).make([]);
    hash(7, 0);
    hash(7, 3);
    expect(seen).toEqual([7, '7#3']);
  });

  it.each([undefined, NaN, Infinity, 'text', null])('is told when it returns %s', (value) => {
    const hash = ownHash('./mine.ts', () => value as number).make([]);
    expect(() => hash('k', 0)).toThrow(/\.\/mine\.ts returned .* for "k"; it must return a number/);
  });

  it('may return any number: fractions are cut off, negative ones wrap', () => {
    expect(ownHash('o', () => -1.9).make([])('k', 0)).toBe(0xffffffff);
    expect(
      ownHash('o', () => -1.9)
        .make([])
        .wide?.mod('k', 0, 10),
    ).toBe(9);
    expect(
      ownHash('o', () => 2 ** 60)
        .make([])
        .wide?.value('k', 0),
    ).toBe(2n ** 60n);
  });
});
