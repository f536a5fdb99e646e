/**
 * BinomialHash (Coluzzi et al. 2024, arXiv 2406.19836): a position in the enclosing binary tree, redrawn within its
 * level; what falls outside is drawn again four times, then placed in the minor tree, which is always full.
 */
import type { PlacementEntry } from '../types.ts';
import { highestBit, squared } from './congruence.ts';
import { lastOnlyEntry } from './last-only.ts';

const REDRAWS = 4;

/** The bucket of a 32-bit hash among n. */
export function binomialBucket(hash: number, n: number): number {
  if (n < 2) return 0;
  const enclosing = 2 * highestBit(n - 1) - 1;
  const minor = enclosing >>> 1;
  const first = withinLevel(hash & enclosing, hash);
  if (first < n) return first;
  let h = hash;
  for (let i = 0; i < REDRAWS; i++) {
    h = squared(h, enclosing);
    const bucket = withinLevel(h & enclosing, h);
    if (bucket <= minor) break;
    if (bucket < n) return bucket;
  }
  return withinLevel(hash & minor, hash);
}

function withinLevel(bucket: number, hash: number): number {
  if (bucket < 2) return bucket;
  const base = highestBit(bucket);
  return base + (squared(hash, base - 1) & (base - 1));
}

/** The buckets of the tree's last level get a little less than the others, since the redraws end. */
export function binomialShares(n: number): number[] {
  if (n < 2) return [1];
  const enclosing = 2 * highestBit(n - 1);
  const minor = enclosing / 2;
  const outside = (enclosing - n) / enclosing;
  let last = 0;
  for (let i = 0, reached = 1 / enclosing; i <= REDRAWS; i++, reached *= outside) last += reached;
  const other = (1 - (n - minor) * last) / minor;
  return Array.from({ length: n }, (_, bucket) => (bucket < minor ? other : last));
}

export const binomialEntry: PlacementEntry = lastOnlyEntry(
  {
    name: 'binomial',
    summary: 'draws within a level of a binary tree, in O(1); only the last replica can leave',
    source: 'Coluzzi et al. 2024, arXiv 2406.19836',
  },
  binomialBucket,
  binomialShares,
);
