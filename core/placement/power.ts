/** Power consistent hash (Leu 2023, arXiv 2307.12448): a bucket among the next power of two, and a second try by jumps. */
import type { PlacementEntry } from '../types.ts';
import { highestBit, jumpFrom } from './congruence.ts';
import { lastOnlyEntry } from './last-only.ts';
import { rehash } from './mix.ts';
import type { Rehash } from './mix.ts';

/** The bucket of a 32-bit hash among n. */
export function powerBucket(hash: number, n: number, again: Rehash = rehash): number {
  const most = n === 1 ? 0 : 2 * highestBit(n - 1) - 1; // m - 1, m the next power of two
  const first = among(hash, most, again);
  if (first < n) return first;
  const half = (most - 1) / 2; // m/2 - 1
  const second = jumpFrom(hash, 0, half, n);
  return second > half ? second : among(hash, half, again);
}

/** The paper's f: uniform over [0, most], most + 1 being a power of two, and monotone in it. */
function among(hash: number, most: number, again: Rehash): number {
  const bits = hash & most;
  if (bits === 0) return 0;
  const top = highestBit(bits);
  return top + (again(hash, top, 0) & (top - 1));
}

export const powerEntry: PlacementEntry = lastOnlyEntry(
  {
    name: 'power',
    summary: 'looks among the next power of two, then jumps, in O(1); only the last replica can leave',
    source: 'Leu 2023, arXiv 2307.12448',
  },
  (hash, n) => powerBucket(hash, n),
);
