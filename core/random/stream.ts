/** Named streams of random numbers: one a purpose, so that a change of policy leaves the arrivals as they were. */
import alea from 'seedrandom/lib/alea.js';
import type { Random } from '../types.ts';

/** What randomness is used for; a purpose has a stream of its own (common random numbers). */
export type Purpose =
  | 'arrivals'
  | 'keys'
  | 'service'
  | 'policy'
  | 'runs'
  | 'dealing'
  | 'network'
  | 'patience'
  | 'backoff'
  | 'failures'
  | 'slow start'
  | 'heartbeats'
  | 'idle';

const MULTIPLIER = 2_091_639;
const TO_FRACTION = 1 / 4_294_967_296; // 2^-32
const HIGH_BITS = 2_097_152; // 2^21
const LOW_BIT = 1 / 9_007_199_254_740_992; // 2^-53

/**
 * The stream of a purpose, and of one of several who share it (0 unless told): uniform in [0, 1) with 53 bits, the same for a seed on every machine (Baagøe's Alea).
 *
 * seedrandom seeds it; the steps are Alea's own, done so that a processor can overlap them. Alea multiplies with
 * carry: t = 2091639 s0 + c / 2^32, of which the whole part is the next carry. Here the carry is added to the fraction
 * of the product alone. It takes that over 1 but once in thousands, so the next step need not wait for this one; all
 * of it is exact in 53 bits, and the numbers are those of seedrandom's `double`, at a fifth of the time.
 */
export function stream(seed: number, purpose: Purpose, member = 0): Random {
  if (seed < 0) return antithetic(stream(antitheticOf(seed), purpose, member));
  const { s0, s1, s2, c } = alea(`${purpose}${member === 0 ? '' : `:${member}`}/${seed}`, {
    state: true,
  }).state();
  // Typed, since a captured variable that holds a double is allocated anew with every assignment.
  const state = Float64Array.of(s0, s1, s2, c);
  return () => {
    const first = MULTIPLIER * state[0];
    let carry = Math.floor(first);
    let high = first - carry + state[3] * TO_FRACTION;
    if (high >= 1) {
      high -= 1;
      carry += 1;
    }
    const second = MULTIPLIER * state[1];
    let next = Math.floor(second);
    let low = second - next + carry * TO_FRACTION;
    if (low >= 1) {
      low -= 1;
      next += 1;
    }
    state[0] = state[2];
    state[1] = high;
    state[2] = low;
    state[3] = next;
    return high + Math.floor(low * HIGH_BITS) * LOW_BIT;
  };
}

/** The seed whose streams are the antithetic ones of this seed's, and back: 42 and -43. */
export function antitheticOf(seed: number): number {
  return -1 - seed;
}

/** 1 - u of each u, but within [0, 1) (Hammersley, Morton 1956). */
function antithetic(random: Random): Random {
  return () => 1 - LOW_BIT - random();
}

/**
 * The seed of run 0, 1, 2 … of a study: the first is the study's own, the others are drawn from its stream `runs`, so
 * that studies with neighbouring seeds share none. With `pairs`, runs 2i and 2i + 1 are antithetic.
 */
export function* seedsOf(seed: number, pairs: boolean): Generator<number, never> {
  const random = stream(seed, 'runs');
  for (let own = seed; ; own = Math.floor(random() * Number.MAX_SAFE_INTEGER)) {
    yield own;
    if (pairs) yield antitheticOf(own);
  }
}
