/** Sorting of unsigned 32-bit numbers with what belongs to them, stably and in linear time (Knuth 3, 5.2.5). */

const DIGIT_BITS = 11;
const DIGITS = 1 << DIGIT_BITS;

/** The positions of `keys` in ascending order of key; equal keys keep their order. */
export function sortedOrder(keys: Uint32Array): Uint32Array {
  let from = new Uint32Array(keys.length);
  let to = new Uint32Array(keys.length);
  for (let i = 0; i < keys.length; i++) from[i] = i;
  for (let shift = 0; shift < 32; shift += DIGIT_BITS) {
    const starts = startsOf(keys, shift);
    for (let at = 0; at < from.length; at++) {
      const i = from[at];
      to[starts[(keys[i] >>> shift) & (DIGITS - 1)]++] = i;
    }
    [from, to] = [to, from];
  }
  return from;
}

/** For each value of a digit, how many keys have a smaller one. */
function startsOf(keys: Uint32Array, shift: number): Uint32Array {
  const starts = new Uint32Array(DIGITS + 1);
  for (let i = 0; i < keys.length; i++) starts[((keys[i] >>> shift) & (DIGITS - 1)) + 1]++;
  for (let digit = 1; digit <= DIGITS; digit++) starts[digit] += starts[digit - 1];
  return starts;
}
