/** Hash modulo N: perfectly simple, and nearly every key moves when N changes; what consistent hashing is against. */
import { exactHash, slotOf } from '../hash/slot.ts';
import type { Placement, PlacementEntry, PlacementOptions, Replica } from '../types.ts';
import { NONE } from '../types.ts';

/** Builds an empty table; replicas stand in order of joining. */
export function moduloPlacement({ requestHash }: PlacementOptions): Placement {
  const members: Replica[] = [];
  const order = (first: number): Replica[] => [...members.slice(first), ...members.slice(0, first)];
  const indexOf = (key: string | number): number => slotOf(requestHash, key, 0, Math.max(1, members.length));

  return {
    add: (replica) => void members.push(replica),
    remove(handle) {
      const at = members.findIndex((replica) => replica.handle === handle);
      if (at < 0) throw new Error(`replica ${handle} is not in the table`);
      members.splice(at, 1);
    },
    locate: (key) => (members.length === 0 ? NONE : members[indexOf(key)].handle),
    locateAll: (key, n) =>
      order(indexOf(key))
        .slice(0, n)
        .map(({ handle }) => handle),
    explain(key) {
      const slot = indexOf(key);
      const [owner = null, ...next] = order(slot).map(({ name }) => name);
      const walked = owner === null ? [] : [slot];
      return { key, hash: exactHash(requestHash, key, 0), slot, walked, owner, next };
    },
    shares: () => new Map(members.map(({ handle }) => [handle, 1 / members.length])),
    bytes: () => 0,
  };
}

export const moduloEntry: PlacementEntry = {
  name: 'modulo',
  summary: 'takes the hash modulo the number of replicas; a change of N moves nearly every key',
  source: 'Knuth, The Art of Computer Programming 3, 6.4 (division method)',
  can: { removes: 'any', weights: false, historyFree: false, monotone: false },
  make: () => moduloPlacement,
};
