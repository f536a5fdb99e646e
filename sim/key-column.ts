/** The keys of a block of requests: a column of numbers where all keys are, which a law may fill at once. */
import type { Key, Random, Sampler } from '../core/types.ts';

/** Keys of a block, as its law has them. */
export type KeyColumn = Key[] | Float64Array;

/** A column for so many keys of the law. */
export function keyColumn(key: Sampler<Key>, length: number): KeyColumn {
  return key.fill === undefined ? new Array<Key>(length).fill(0) : new Float64Array(length);
}

/** Draws the next `count` keys into the front of a column of the law. */
export function drawKeys(key: Sampler<Key>, random: Random, out: KeyColumn, count: number): void {
  if (out instanceof Float64Array) key.fill?.(random, out, count);
  else for (let i = 0; i < count; i++) out[i] = key(random);
}
