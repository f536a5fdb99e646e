/** Placements that are a function of a hash and a number of buckets: no tables, and only the last bucket can close. */
import type { Abilities, HashFunction, Placement, PlacementEntry } from '../types.ts';
import { byBuckets } from './buckets.ts';

/** The bucket of an unsigned 32-bit hash among n. */
export type BucketOf = (hash: number, n: number) => number;

/** What such schemes can do. */
export const LAST_ONLY: Abilities = {
  removes: 'last',
  weights: false,
  historyFree: false,
  monotone: true,
  shares: 'expected',
};

/** The placement of a function of a hash and n. */
export function lastOnly(
  name: string,
  requestHash: HashFunction,
  bucketOf: BucketOf,
  shares?: (n: number) => readonly number[],
): Placement {
  let n = 0;
  return byBuckets({ name, can: LAST_ONLY }, requestHash, {
    bucket: (key, attempt) => bucketOf(requestHash(key, attempt), n),
    join: () => n++,
    leave: () => {
      n--;
    },
    shares,
    bytes: () => 0,
  });
}

/** An entry of the table for it. */
export function lastOnlyEntry(
  about: Pick<PlacementEntry, 'name' | 'summary' | 'source'>,
  bucketOf: BucketOf,
  shares?: (n: number) => readonly number[],
): PlacementEntry {
  const make: PlacementEntry['make'] =
    () =>
    ({ requestHash }) =>
      lastOnly(about.name, requestHash, bucketOf, shares);
  return { ...about, can: LAST_ONLY, make };
}
