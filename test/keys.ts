/** Keys and seeds as property tests draw them: those that people send, and those that break things. */
import fc from 'fast-check';
import type { Key } from '../core/types.ts';

const awkwardNumbers = [0, -0, -1, 1.5, NaN, Infinity, -Infinity, 1e15, 1e21, 2 ** 53 - 1, -(2 ** 53 - 1)];
const awkwardTexts = ['', '0', '007', '-0', '-1', '1e3', ' 7', '7#1', '#', '\0', '\ud800', 'é', '語', '🚀'];

/** Integers that a number holds exactly, many of them as in the lab. */
export const anyInteger: fc.Arbitrary<number> = fc.oneof(
  fc.integer({ min: 100_000, max: 999_999 }),
  fc.maxSafeInteger(),
);

/** Text of any UTF-16 units, lone surrogates included. */
export const anyText: fc.Arbitrary<string> = fc.oneof(
  fc.string(),
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)) }),
  fc.string({ minLength: 200, maxLength: 600 }),
);

export const anyKey: fc.Arbitrary<Key> = fc.oneof(
  anyInteger,
  anyText,
  fc.constantFrom<Key>(...awkwardNumbers, ...awkwardTexts),
);

/** Seeds as placements use them (a virtual server's number), and any other that a number holds. */
export const anySeed: fc.Arbitrary<number> = fc.oneof(
  fc.constantFrom(0, 1, 2 ** 32 - 1, 2 ** 32, 2 ** 53 - 1),
  fc.nat(1000),
  fc.maxSafeNat(),
);
