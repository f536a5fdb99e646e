/** Bob Jenkins' six-shift integer hash times 3,221,225,473: HAProxy's full_hash, for its points and its `avalanche`. */
import type { HashEntry } from '../types.ts';
import { integerOf } from './integer.ts';

/** Makes every bit of a 32-bit integer reach every other; no two integers meet. */
export function fullHash(integer: number): number {
  let a = integer | 0;
  a = (a + 0x7ed55d16 + (a << 12)) | 0;
  a = a ^ 0xc761c23c ^ (a >>> 19);
  a = (a + 0x165667b1 + (a << 5)) | 0;
  a = (a + 0xd3a2646c) ^ (a << 9);
  a = (a + 0xfd7046c5 + (a << 3)) | 0;
  a = a ^ 0xb55a4f09 ^ (a >>> 16);
  return Math.imul(a, 3_221_225_473) >>> 0;
}

export const avalanche: HashEntry = {
  name: 'avalanche',
  summary: "is HAProxy's integer hash; a seed is added to its value, which is hashed again",
  source: 'Jenkins, Integer Hash Function; HAProxy include/haproxy/tools.h, full_hash',
  make: () => (key, seed) => {
    const h = fullHash(integerOf(key));
    return seed === 0 ? h : fullHash(h + seed);
  },
};
