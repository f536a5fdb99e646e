/** The members of a balancer in order of joining, with their requests in flight: what most policies look at. */
import type { Replica } from '../types.ts';

/** Dense by position for picking, sparse by handle for counting. */
export interface Fleet {
  readonly members: readonly Replica[];
  /** Theirs, in the same order: a pick that needs no more is spared a look at the member. */
  readonly handles: readonly number[];
  /** Requests in flight at a member, by handle; 0 for strangers. */
  readonly inFlight: (handle: number) => number;
  started(handle: number): void;
  finished(handle: number): void;
  joined(replica: Replica): void;
  left(handle: number): void;
}

/** An empty fleet. A replica's count outlives its leaving, since its last requests still finish. */
export function fleet(): Fleet {
  const members: Replica[] = [];
  const handles: number[] = [];
  const counts: number[] = [];
  /** Where a member stood when it joined, by handle. Those before it may leave, so it is there or further to the front. */
  const seats: number[] = [];
  return {
    members,
    handles,
    inFlight: (handle) => counts[handle] ?? 0,
    started: (handle) => void (counts[handle] = (counts[handle] ?? 0) + 1),
    finished: (handle) => void (counts[handle] = (counts[handle] ?? 0) - 1),
    joined(replica) {
      counts[replica.handle] ??= 0;
      seats[replica.handle] = members.length;
      members.push(replica);
      handles.push(replica.handle);
    },
    left(handle) {
      let at = Math.min(seats[handle] ?? -1, members.length - 1);
      while (at >= 0 && handles[at] !== handle) at--;
      if (at < 0) return;
      members.splice(at, 1);
      handles.splice(at, 1);
    },
  };
}
