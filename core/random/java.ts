/** The 48-bit congruential generator of java.util.Random, in two halves of 24 bits (Knuth 2, 3.2.1; Java SE API). */

const MULTIPLIER_HIGH = 0x5de;
const MULTIPLIER_LOW = 0xece66d;
const HALF = 0x1_00_00_00;
const MASK = 0xffffff;

/** A generator that is seeded anew for every key: nothing is allocated for a key. */
export interface JavaRandom {
  /** Starts from an unsigned 32-bit seed. */
  seed(seed: number): void;
  /** A whole number in [0, bound), for a bound up to 2^31 - 1. */
  nextInt(bound: number): number;
}

/** A generator, still to be seeded. */
export function javaRandom(): JavaRandom {
  let high = 0;
  let low = 0;

  function next31(): number {
    const product = low * MULTIPLIER_LOW + 0xb; // below 2^48, so exact
    const carry = Math.floor(product / HALF);
    high = (Math.imul(high, MULTIPLIER_LOW) + Math.imul(low, MULTIPLIER_HIGH) + carry) & MASK;
    low = product - carry * HALF;
    return high * 128 + (low >>> 17);
  }

  return {
    seed(seed) {
      high = (seed >>> 24) ^ MULTIPLIER_HIGH;
      low = (seed & MASK) ^ MULTIPLIER_LOW;
    },
    nextInt(bound) {
      const first = next31();
      if ((bound & (bound - 1)) === 0) return Math.floor((bound * first) / 0x8000_0000);
      let bits = first;
      // Rejects the incomplete last stretch of [0, 2^31), which would favour the smaller numbers.
      while (bits - (bits % bound) + (bound - 1) >= 0x8000_0000) bits = next31();
      return bits % bound;
    },
  };
}
