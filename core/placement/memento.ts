/**
 * MementoHash (Coluzzi et al. 2023, arXiv 2306.09783): jump hash, with a memory of the buckets that closed out of
 * order and of how many were open then. A replica that joins takes the bucket that closed last.
 */
import type { HashFunction, Key, Placement, PlacementEntry } from '../types.ts';
import { byBuckets } from './buckets.ts';
import type { Buckets } from './buckets.ts';
import { PLACES } from './capacity.ts';
import { jumper } from './jump.ts';
import { mix } from './mix.ts';

/** The key hashed under a bucket. */
export type HashUnder = (key: Key, bucket: number) => number;

interface Closed {
  /** How many buckets were open after it closed: its keys go on among so many. */
  readonly left: number;
  /** The bucket that had closed before it. */
  readonly before: number;
}

interface State {
  readonly closed: Map<number, Closed>;
  /** Length of the array of buckets, closed ones included. */
  length: number;
  /** The bucket that the next join opens. */
  last: number;
}

/** Buckets without a capacity, none of them open. */
export function mementoBuckets(hash: HashFunction, under?: HashUnder): Buckets {
  const jump = jumper(hash);
  const again = under ?? ((key, bucket) => mix(hash(key, 0), bucket));
  return over({ closed: new Map(), length: 0, last: 0 });

  function over(state: State): Buckets {
    const { closed } = state;
    return {
      bucket(key) {
        const b = jump(key, 0, state.length);
        return closed.size === 0 ? b : follow(closed, b, key, again);
      },
      join() {
        const b = state.last;
        state.last = closed.get(b)?.before ?? b + 1;
        closed.delete(b);
        state.length = Math.max(state.length, b + 1);
        return b;
      },
      leave(b) {
        if (closed.size === 0 && b === state.length - 1) state.length = b;
        else closed.set(b, { left: state.length - closed.size - 1, before: state.last });
        state.last = b;
      },
      copy: () => over({ ...state, closed: new Map(closed) }),
      bytes: () => 12 * closed.size,
    };
  }
}

function follow(closed: ReadonlyMap<number, Closed>, from: number, key: Key, again: HashUnder): number {
  let b = from;
  for (let found = closed.get(b); found; found = closed.get(b)) {
    const { left } = found;
    b = again(key, b) % left;
    // A bucket that closed earlier was replaced by the one that stood last then.
    for (let next = closed.get(b); next && next.left >= left; next = closed.get(b)) b = next.left;
  }
  return b;
}

/** Builds an empty placement. */
export function memento(requestHash: HashFunction): Placement {
  return byBuckets({ name: 'memento', can: PLACES }, requestHash, mementoBuckets(requestHash));
}

export const mementoEntry: PlacementEntry = {
  name: 'memento',
  summary: 'is jump hash with a memory of the replicas that left, so that any can leave',
  source: 'Coluzzi et al. 2023, arXiv 2306.09783',
  can: PLACES,
  make:
    () =>
    ({ requestHash }) =>
      memento(requestHash),
};
