/**
 * AnchorHash (Mendelson et al. 2018, arXiv 1812.09674): a key whose bucket has closed goes on within those that were
 * open when it closed. A replica that joins takes the bucket that closed last.
 */
import type { HashFunction, Key, Placement, PlacementEntry } from '../types.ts';
import { byBuckets } from './buckets.ts';
import type { Buckets } from './buckets.ts';
import { PLACES, capacityParameter, refuseMore } from './capacity.ts';
import { rehash } from './mix.ts';
import type { Rehash } from './mix.ts';

/** The paper's arrays, with its names. */
interface State {
  /** 0 for an open bucket, else how many were open after it closed. */
  readonly A: Uint32Array;
  /** The open buckets, in the order that removals leave. */
  readonly W: Uint32Array;
  /** Where in W a bucket stands or last stood. */
  readonly L: Uint32Array;
  /** The successor of a bucket when it closed. */
  readonly K: Uint32Array;
  /** Buckets that closed out of order, the last one at the end. */
  readonly closed: number[];
  size: number;
}

/** An anchor of so many places, none of them open. */
export function anchorBuckets(capacity: number, hash: HashFunction, again: Rehash = rehash): Buckets {
  const identity = Uint32Array.from({ length: capacity }, (_, i) => i);
  return over({ A: identity.slice(), W: identity.slice(), L: identity.slice(), K: identity, closed: [], size: 0 }); // prettier-ignore

  function over(state: State): Buckets {
    const { A, K } = state;
    return {
      bucket(key: Key) {
        let k = hash(key, 0);
        let b = k % capacity;
        while (A[b] > 0) {
          k = again(k, b, 0);
          let h = k % A[b];
          while (A[h] >= A[b]) h = K[h];
          b = h;
        }
        return b;
      },
      join() {
        refuseMore('anchor', state.size, capacity);
        return open(state);
      },
      leave: (bucket) => {
        close(state, bucket);
      },
      copy: () => over(copyOf(state)),
      bytes: () => 16 * capacity + 4 * state.closed.length,
    };
  }
}

function open(state: State): number {
  const { A, W, L, K, closed } = state;
  const b = closed.pop() ?? state.size;
  A[b] = 0;
  L[W[state.size]] = state.size;
  W[L[b]] = b;
  K[b] = b;
  state.size++;
  return b;
}

function close(state: State, b: number): void {
  const { A, W, L, K, closed } = state;
  const size = --state.size;
  if (b < size || closed.length > 0) closed.push(b);
  A[b] = size;
  W[L[b]] = W[size];
  L[W[size]] = L[b];
  K[b] = W[size];
}

function copyOf({ A, W, L, K, closed, size }: State): State {
  return { A: A.slice(), W: W.slice(), L: L.slice(), K: K.slice(), closed: [...closed], size };
}

/** Builds an empty placement with room for so many replicas. */
export function anchor(capacity: number, requestHash: HashFunction): Placement {
  return byBuckets({ name: 'anchor', can: PLACES }, requestHash, anchorBuckets(capacity, requestHash));
}

export const anchorEntry: PlacementEntry = {
  name: 'anchor',
  summary: 'goes on among those that were open when a bucket closed; its capacity is fixed',
  source: 'Mendelson et al. 2018, arXiv 1812.09674',
  can: PLACES,
  parameters: [capacityParameter],
  suiting: (replicas) => [Math.max(16, 2 * replicas)],
  make:
    ([capacity]) =>
    ({ requestHash }) =>
      anchor(capacity, requestHash),
};
