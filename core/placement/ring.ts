/** Consistent hashing (Karger et al. 1997): virtual nodes on the circle of 32-bit numbers, the nearest one clockwise. */
import { InputError } from '../input-error.ts';
import type { Placement, PlacementEntry, PlacementOptions, Replica } from '../types.ts';
import { NONE } from '../types.ts';
import { circle } from './circle.ts';

/** The most virtual nodes that one replica can have. */
const MOST_POINTS = 0x1_00_00_00;

/** Builds an empty ring; weight w stands for w times as many virtual nodes. */
export function ring({ requestHash, serverHash, vnodes, vnodeFrom }: PlacementOptions): Placement {
  const points = circle();
  const names = new Map<number, string>();
  const named = (handles: readonly number[]): string[] => handles.map((handle) => names.get(handle) ?? '');

  function pointsOf(replica: Replica): Uint32Array {
    const count = Math.max(1, Math.round(vnodes * replica.weight));
    if (count > MOST_POINTS) throw tooMany(replica, count);
    const own = new Uint32Array(count);
    for (let j = 0; j < count; j++) own[j] = serverHash(replica.id, vnodeFrom + j);
    return own;
  }

  return {
    add(replica) {
      points.add(replica.handle, replica.id, pointsOf(replica));
      names.set(replica.handle, replica.name);
    },
    remove(handle) {
      points.remove(handle);
      names.delete(handle);
    },
    locate: (key) => (points.members === 0 ? NONE : points.ownerOf(requestHash(key, 0))),
    locateAll: (key, n) => points.walk(requestHash(key, 0), n),
    locateFirst: (key, accepts) => points.firstOf(requestHash(key, 0), accepts),
    explain(key) {
      const hash = requestHash(key, 0);
      const [owner = null, ...next] = named(points.walk(hash, points.members));
      const slot = owner === null ? 0 : points.find(hash);
      return { key, hash, slot, walked: owner === null ? [] : [slot], owner, next };
    },
    shares: () => points.shares(),
    bytes: () => points.bytes(),
  };
}

function tooMany({ name, weight }: Replica, count: number): InputError {
  return new InputError(
    `Weight ${weight} gives ${name} ${count} virtual nodes on the ring, but a replica can have ${MOST_POINTS}; take smaller --weights or fewer --vnodes.`,
  );
}

export const ringEntry: PlacementEntry = {
  name: 'ring',
  summary: 'is the circle of 32-bit numbers with K virtual nodes a unit of weight, nearest clockwise',
  source: 'Karger et al. 1997, Consistent Hashing and Random Trees',
  can: { removes: 'any', weights: true, historyFree: true, monotone: true },
  make: () => ring,
};
