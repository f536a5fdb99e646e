/** Jump consistent hash (Lamping, Veach 2014, arXiv 1406.2294): a key jumps through the sizes at which it would move. */
import type { HashFunction, Key, Placement, PlacementEntry } from '../types.ts';
import { byBuckets } from './buckets.ts';
import { jumpFrom } from './congruence.ts';
import { LAST_ONLY } from './last-only.ts';

/** The bucket of a 64-bit key, given in lanes, among n. */
export function jumpBucket(low: number, high: number, n: number): number {
  return jumpFrom(low, high, 0, n);
}

/** The bucket of any key: by both lanes of a wide hash that has lanes, else by its 32 bits. */
export function jumper(requestHash: HashFunction): (key: Key, attempt: number, n: number) => number {
  const { wide } = requestHash;
  if (!wide?.lanes) return (key, attempt, n) => jumpBucket(requestHash(key, attempt), 0, n);
  const lanes = new Uint32Array(2);
  return (key, attempt, n) => {
    wide.lanes?.(key, attempt, lanes);
    return jumpBucket(lanes[0], lanes[1], n);
  };
}

/** Builds an empty placement; bucket b belongs to the b-th replica that joined. */
export function jump(requestHash: HashFunction): Placement {
  const bucketOf = jumper(requestHash);
  let n = 0;
  return byBuckets({ name: 'jump', can: LAST_ONLY }, requestHash, {
    bucket: (key, attempt) => bucketOf(key, attempt, n),
    join: () => n++,
    leave: () => {
      n--;
    },
    bytes: () => 0,
  });
}

export const jumpEntry: PlacementEntry = {
  name: 'jump',
  summary: 'jumps through ever larger buckets in O(log n), without memory; only the last replica can leave',
  source: 'Lamping, Veach 2014, arXiv 1406.2294',
  can: LAST_ONLY,
  make:
    () =>
    ({ requestHash }) =>
      jump(requestHash),
};
