/** Named streams of random numbers: one a purpose, so that a change of policy leaves the arrivals as they were. */
import alea from 'seedrandom/lib/alea.js';
import type { Random } from '../types.ts';
import { uniforms } from './uniforms.ts';

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

/** Numbers that a stream draws at once. */
const AHEAD = 128;

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
  const state = Float64Array.of(s0, s1, s2, c);
  const drawn = new Float64Array(AHEAD);
  let at = AHEAD;
  function next(): number {
    if (at === AHEAD) {
      draw(state, drawn, 0, AHEAD);
      at = 0;
    }
    return drawn[at++];
  }
  function fill(out: Float64Array, count: number): void {
    let i = 0;
    while (i < count && at < AHEAD) out[i++] = drawn[at++];
    draw(state, out, i, count);
  }
  return Object.assign(next, { fill });
}

/** Draws numbers from one place of a column up to another, with the state in registers meanwhile. */
function draw(state: Float64Array, out: Float64Array, from: number, to: number): void {
  let s0 = state[0];
  let s1 = state[1];
  let s2 = state[2];
  let c = state[3];
  for (let i = from; i < to; i++) {
    const first = MULTIPLIER * s0;
    let carry = Math.floor(first);
    let high = first - carry + c * TO_FRACTION;
    if (high >= 1) {
      high -= 1;
      carry += 1;
    }
    const second = MULTIPLIER * s1;
    c = Math.floor(second);
    let low = second - c + carry * TO_FRACTION;
    if (low >= 1) {
      low -= 1;
      c += 1;
    }
    s0 = s2;
    s1 = high;
    s2 = low;
    out[i] = high + Math.floor(low * HIGH_BITS) * LOW_BIT;
  }
  state[0] = s0;
  state[1] = s1;
  state[2] = s2;
  state[3] = c;
}

/** The seed whose streams are the antithetic ones of this seed's, and back: 42 and -43. */
export function antitheticOf(seed: number): number {
  return -1 - seed;
}

/** 1 - u of each u, but within [0, 1) (Hammersley, Morton 1956). */
function antithetic(random: Random): Random {
  const fill = (out: Float64Array, count: number): void => {
    uniforms(random, out, count);
    for (let i = 0; i < count; i++) out[i] = 1 - LOW_BIT - out[i];
  };
  return Object.assign(() => 1 - LOW_BIT - random(), { fill });
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
