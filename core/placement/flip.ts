/** FlipHash (Masson, Lee 2024, arXiv 2402.17549): the hash's bits below its highest are flipped, by a hash of them. */
import type { PlacementEntry } from '../types.ts';
import { lastOnlyEntry } from './last-only.ts';
import { rehash } from './mix.ts';
import type { Rehash } from './mix.ts';

/** Draws beyond the power of two; the bias that is left is 2^-64. */
const MOST_DRAWS = 64;

/** The bucket of a 32-bit hash among n. */
export function flipBucket(hash: number, n: number, again: Rehash = rehash): number {
  const zeros = Math.clz32(n);
  const mask = 0xffffffff >>> zeros;
  const first = amongPower(hash, mask, again);
  if (first < n) return first;
  const half = mask >>> 1;
  for (let draw = 1; draw <= MOST_DRAWS; draw++) {
    const bucket = (again(hash, zeros, draw) & mask) >>> 0;
    if (bucket <= half) break;
    if (bucket < n) return bucket;
  }
  return amongPower(hash, half, again);
}

/** Uniform over [0, mask], and monotone: the highest bit of what is kept chooses the flips below it. */
function amongPower(hash: number, mask: number, again: Rehash): number {
  const kept = (hash & mask) >>> 0;
  if (kept === 0) return 0;
  const zeros = Math.clz32(kept);
  const below = zeros === 31 ? 0 : 0x7fffffff >>> zeros;
  return (kept ^ (again(hash, 32 + zeros, 0) & below)) >>> 0;
}

export const flipEntry: PlacementEntry = lastOnlyEntry(
  {
    name: 'flip',
    summary: 'flips the bits below the highest, in O(1) and without memory; only the last replica can leave',
    source: 'Masson, Lee 2024, arXiv 2402.17549',
  },
  (hash, n) => flipBucket(hash, n),
);
