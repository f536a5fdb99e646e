/** DxHash (Dong, Wang 2021, arXiv 2107.07930): each key draws places from a sequence of its own until one is open. */
import { javaRandom } from '../random/java.ts';
import type { HashFunction, Placement, PlacementEntry } from '../types.ts';
import { byBuckets } from './buckets.ts';
import type { Buckets } from './buckets.ts';
import { PLACES, capacityParameter, refuseMore } from './capacity.ts';

/** So many places, a bit each, none of them open; the sequence is java.util.Random's, as in SUPSI's benchmark. */
export function dxBuckets(capacity: number, hash: HashFunction): Buckets {
  const random = javaRandom();
  return over(new Uint32Array(Math.ceil(capacity / 32)), [], 0);

  function over(open: Uint32Array, closed: number[], first: number): Buckets {
    let fresh = first;
    const flip = (b: number): void => void (open[b >>> 5] ^= 1 << (b & 31));
    return {
      bucket(key) {
        random.seed(hash(key, 0));
        let b = random.nextInt(capacity);
        while (((open[b >>> 5] >>> (b & 31)) & 1) === 0) b = random.nextInt(capacity);
        return b;
      },
      join() {
        if (closed.length === 0) refuseMore('dx', fresh, capacity);
        const b = closed.pop() ?? fresh++;
        flip(b);
        return b;
      },
      leave(b) {
        flip(b);
        closed.push(b);
      },
      copy: () => over(open.slice(), [...closed], fresh),
      bytes: () => 4 * (open.length + closed.length),
    };
  }
}

/** Builds an empty placement with room for so many replicas. */
export function dx(capacity: number, requestHash: HashFunction): Placement {
  return byBuckets({ name: 'dx', can: PLACES }, requestHash, dxBuckets(capacity, requestHash));
}

export const dxEntry: PlacementEntry = {
  name: 'dx',
  summary: 'draws places from a sequence of the key until one is open; a bit a place, and a fixed capacity',
  source: 'Dong, Wang 2021, arXiv 2107.07930',
  can: PLACES,
  parameters: [capacityParameter],
  suiting: (replicas) => [Math.max(16, 2 * replicas)],
  make:
    ([capacity]) =>
    ({ requestHash }) =>
      dx(capacity, requestHash),
};
