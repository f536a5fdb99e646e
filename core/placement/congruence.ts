/** The 64-bit congruential generator x -> 2862933555777941757 x + 1 that jump hash is made of, in 32-bit lanes. */
import { mulHigh } from '../hash/words.ts';

const LOW = 0x87b0b0fd | 0;
const HIGH = 0x27bb2ee6;

/** The low lane of the next state. */
export function nextLow(low: number): number {
  return (Math.imul(low, LOW) + 1) | 0;
}

/** The high lane of the next state; `after` is its low lane, which is 0 when the addition carried. */
export function nextHigh(low: number, high: number, after: number): number {
  const carry = after === 0 ? 1 : 0;
  return (mulHigh(low, LOW) + Math.imul(high, LOW) + Math.imul(low, HIGH) + carry) | 0;
}

/**
 * Jumps from a bucket to ever higher ones, and returns the last below n: at bucket b the next is above j with
 * probability (b + 1) / j. The lanes are those of the key.
 */
export function jumpFrom(low: number, high: number, bucket: number, n: number): number {
  let b = bucket;
  for (;;) {
    const after = nextLow(low);
    high = nextHigh(low, high, after);
    low = after;
    const next = ((b + 1) * 0x8000_0000) / ((high >>> 1) + 1);
    if (next >= n) return b;
    b = next | 0; // below n, so that an integer of 31 bits will do, and costs less than Math.floor
  }
}

/** Bits 32 to 63 of (x² · seed), x being the state after `value`: a cheap rehash of a 32-bit value. */
export function squared(value: number, seed: number): number {
  const low = nextLow(value);
  const high = nextHigh(value, 0, low);
  const squareLow = Math.imul(low, low);
  const squareHigh = (mulHigh(low, low) + 2 * Math.imul(low, high)) | 0;
  return (mulHigh(squareLow, seed) + Math.imul(squareHigh, seed)) >>> 0;
}

/** The greatest power of two in a positive 32-bit integer. */
export function highestBit(value: number): number {
  return 1 << (31 - Math.clz32(value));
}
