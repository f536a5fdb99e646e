/** From a hash to one of m slots: the exact remainder, also where the value has more than 32 bits. */
import type { HashFunction, Key } from '../types.ts';

/** The largest number of slots for which every wide hash keeps its remainder exact. */
export const MAX_SLOTS = 0x1_00_00_00;

/** The slot of a key, in [0, slots). */
export function slotOf(hash: HashFunction, key: Key, seed: number, slots: number): number {
  return hash.wide ? hash.wide.mod(key, seed, slots) : hash(key, seed) % slots;
}

/** The slots of the first `count` keys, into the front of `out`: `slotOf` for each, without a seed. */
export function slotsOf(
  hash: HashFunction,
  keys: Float64Array,
  slots: number,
  out: Int32Array,
  count: number,
): void {
  if (hash.slots !== undefined) hash.slots(keys, slots, out, count);
  else for (let i = 0; i < count; i++) out[i] = slotOf(hash, keys[i], 0, slots);
}

/** The exact hash for people to read: a number, or its decimal digits where a number would round it. */
export function exactHash(hash: HashFunction, key: Key, seed: number): number | string {
  if (!hash.wide) return hash(key, seed);
  const value = hash.wide.value(key, seed);
  const rounded = Number(value);
  return Number.isSafeInteger(rounded) ? rounded : value.toString();
}
