/**
 * The lab's consistent hash map (LAB 2): M slots in a circle, K virtual servers a replica, the nearest one clockwise.
 *
 * What LAB 2.7 leaves open is decided so: a key whose slot is occupied belongs to that slot (distance 0). Virtual
 * servers are placed replica by replica in order of joining, j ascending, and each keeps its slot until its replica
 * leaves: a removal frees slots and moves nothing else, so a ring depends on its history where virtual servers met.
 * A virtual server whose probe sequence reaches no free slot is an error, and its replica does not join.
 */
import { exactHash, slotOf, slotsOf } from '../hash/slot.ts';
import { InputError } from '../input-error.ts';
import type { Explanation, Key, Placement, PlacementEntry, PlacementOptions, Replica } from '../types.ts';
import { NONE } from '../types.ts';
import { firstRound } from './round.ts';

/** The placement with its slots laid open, for drawings and for comparison with other implementations. */
export interface SlotRing extends Placement {
  /** The handle of the virtual server that stands in each slot, or NONE. */
  readonly occupants: Readonly<Int32Array>;
  /** The handle that a key in each slot goes to, or NONE on an empty ring. */
  readonly owners: Readonly<Int32Array>;
  /** The slots of a member's virtual servers, by j. */
  slotsOf(handle: number): readonly number[];
  /** Always exact here. */
  shares(): ReadonlyMap<number, number>;
}

/** Whether a placement is a slot ring, whose slots can be looked at. */
export function isSlotRing(placement: Placement): placement is SlotRing {
  return 'occupants' in placement;
}

interface Member {
  readonly replica: Replica;
  readonly slots: readonly number[];
}

/** Builds an empty ring. Looking a key up is one table access; joining and leaving touch only the gaps concerned. */
export function slotRing(options: PlacementOptions): SlotRing {
  const { slots: m, requestHash } = options;
  const occupants = new Int32Array(m).fill(NONE);
  const owners = new Int32Array(m).fill(NONE);
  const members = new Map<number, Member>();

  /** Gives the gap that ends at `slot` to `handle`, back to the virtual server before it. */
  function giveGap(slot: number, handle: number): void {
    let at = slot;
    do {
      owners[at] = handle;
      at = at === 0 ? m - 1 : at - 1;
    } while (at !== slot && occupants[at] === NONE);
  }

  function member(handle: number): Member {
    const found = members.get(handle);
    if (!found) throw new Error(`replica ${handle} is not on the ring`);
    return found;
  }

  function walk(from: number, n: number): number[] {
    const found: number[] = [];
    for (let step = 0; step < m && found.length < Math.min(n, members.size); step++) {
      const handle = occupants[(from + step) % m];
      if (handle !== NONE && !found.includes(handle)) found.push(handle);
    }
    return found;
  }

  function explain(key: Key): Explanation {
    const slot = slotOf(requestHash, key, 0, m);
    const order = walk(slot, members.size).map((handle) => member(handle).replica.name);
    const walked = order.length === 0 ? [] : slotsWalked(occupants, slot);
    const [owner = null, ...next] = order;
    return { key, hash: exactHash(requestHash, key, 0), slot, walked, owner, next };
  }

  return {
    occupants,
    owners,
    slotsOf: (handle) => member(handle).slots,
    add(replica) {
      const slots = claimSlots(replica, occupants, options);
      members.set(replica.handle, { replica, slots });
      for (const slot of slots) giveGap(slot, replica.handle);
    },
    remove(handle) {
      const { slots } = member(handle);
      members.delete(handle);
      for (const slot of slots) occupants[slot] = NONE;
      if (members.size === 0) owners.fill(NONE);
      else for (const slot of slots) giveGap(slot, heir(occupants, slot));
    },
    locate: (key) => owners[slotOf(requestHash, key, 0, m)],
    locates(keys, out, count) {
      slotsOf(requestHash, keys, m, out, count);
      for (let i = 0; i < count; i++) out[i] = owners[out[i]];
    },
    locateAll: (key, n) => walk(slotOf(requestHash, key, 0, m), n),
    locateFirst: (key, accepts) =>
      members.size === 0 ? NONE : firstRound(owners, slotOf(requestHash, key, 0, m), m, accepts),
    explain,
    shares: () => sharesOf(owners, members.keys()),
    bytes: () => occupants.byteLength + owners.byteLength,
  };
}

/** Occupies a slot for each virtual server of the replica, or none at all. */
function claimSlots(replica: Replica, occupants: Int32Array, options: PlacementOptions): number[] {
  const claimed: number[] = [];
  for (let j = options.vnodeFrom; j < options.vnodeFrom + options.vnodes; j++) {
    const first = slotOf(options.serverHash, replica.id, j, options.slots);
    const slot = freeSlot(first, occupants, options);
    if (slot === NONE) {
      const error = noFreeSlot(replica, j, first, occupants);
      for (const taken of claimed) occupants[taken] = NONE;
      throw error;
    }
    occupants[slot] = replica.handle;
    claimed.push(slot);
  }
  return claimed;
}

/** Twice M attempts, since the triangular sequence repeats with period 2M; the others repeat with period M. */
function freeSlot(first: number, occupants: Int32Array, { slots, probing }: PlacementOptions): number {
  for (let attempt = 0; attempt < 2 * slots; attempt++) {
    const slot = (first + probing(attempt)) % slots;
    if (occupants[slot] === NONE) return slot;
  }
  return NONE;
}

function noFreeSlot(replica: Replica, j: number, first: number, occupants: Int32Array): InputError {
  const slots = occupants.length;
  const free = count(occupants, NONE);
  const what = `Virtual server ${j} of ${replica.name} (id ${replica.id}) found no free slot from slot ${first}`;
  const remedy =
    free === 0
      ? `all ${slots} slots are taken; take more --slots, fewer --vnodes or fewer --replicas`
      : `the probe sequence reaches none of the ${free} free ones among ${slots}; take --probing linear, or triangular with a power of two`;
  return new InputError(`${what}: ${remedy}.`);
}

/** Who inherits a freed slot of a ring that is not empty: the next virtual server clockwise. */
function heir(occupants: Int32Array, slot: number): number {
  let at = slot;
  while (occupants[at] === NONE) at = (at + 1) % occupants.length;
  return occupants[at];
}

function slotsWalked(occupants: Int32Array, from: number): number[] {
  const walked = [from];
  for (let at = from; occupants[at] === NONE;) {
    at = (at + 1) % occupants.length;
    walked.push(at);
  }
  return walked;
}

function sharesOf(owners: Int32Array, handles: Iterable<number>): Map<number, number> {
  const slots = new Map<number, number>([...handles].map((handle) => [handle, 0]));
  let from = 0;
  for (let at = 1; at <= owners.length; at++) {
    if (at < owners.length && owners[at] === owners[from]) continue;
    slots.set(owners[from], (slots.get(owners[from]) ?? 0) + at - from);
    from = at;
  }
  slots.delete(NONE);
  return new Map([...slots].map(([handle, owned]) => [handle, owned / owners.length]));
}

function count(values: Int32Array, wanted: number): number {
  return values.reduce((total, value) => total + (value === wanted ? 1 : 0), 0);
}

export const slotRingEntry: PlacementEntry = {
  name: 'slot-ring',
  summary: "is the lab's circle of M slots with K virtual servers a replica, nearest clockwise",
  source: 'LAB 2; Karger et al. 1997, Consistent Hashing and Random Trees',
  can: { removes: 'any', weights: false, historyFree: false, monotone: true },
  make: () => slotRing,
};
