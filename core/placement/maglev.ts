/**
 * Maglev hashing (Eisenbud et al. 2016, 3.4): replicas take turns to claim the next free entry of a table, each in the
 * order of its own permutation; weights as Envoy has them, by turns that lighter replicas miss.
 */
import { InputError } from '../input-error.ts';
import { exactHash, slotOf } from '../hash/slot.ts';
import type { Key, Placement, PlacementEntry, PlacementOptions, Replica } from '../types.ts';
import { NONE } from '../types.ts';
import { firstRound } from './round.ts';

/** As in Envoy, whose largest table this is. */
const LARGEST = 5_000_011;

/** A replica's permutation of the table: offset, offset + skip, offset + 2 skip … */
export interface Claimant {
  /** In [0, M). */
  readonly offset: number;
  /** In [1, M), so prime to M. */
  readonly skip: number;
  readonly weight: number;
}

/** The table: for each of `size` entries, a prime, the place of its owner in `claimants`, of whom there is one. */
export function maglevTable(claimants: readonly Claimant[], size: number): Int32Array {
  const table = new Int32Array(size).fill(NONE);
  const next = Uint32Array.from(claimants, ({ offset }) => offset);
  const target = new Float64Array(claimants.length);
  const heaviest = claimants.reduce((most, { weight }) => Math.max(most, weight), 0);
  for (let taken = 0, turn = 1; taken < size; turn++) {
    for (let i = 0; i < claimants.length && taken < size; i++) {
      const { skip, weight } = claimants[i];
      if (turn * weight < target[i]) continue;
      target[i] += heaviest;
      let at = next[i];
      while (table[at] !== NONE) at = at + skip < size ? at + skip : at + skip - size;
      table[at] = i;
      next[i] = at;
      taken++;
    }
  }
  return table;
}

/** Builds an empty table of `size` entries, a prime; it is filled at the first lookup after a change. */
export function maglev(size: number, { requestHash, serverHash, vnodeFrom }: PlacementOptions): Placement {
  const members: Replica[] = [];
  let owners = new Int32Array(size).fill(NONE);
  let stale = false;

  function fill(): void {
    stale = false;
    const claimants = members.map(({ id, weight }) => ({
      offset: slotOf(serverHash, id, vnodeFrom, size),
      skip: size === 2 ? 1 : slotOf(serverHash, id, vnodeFrom + 1, size - 1) + 1,
      weight,
    }));
    owners = maglevTable(claimants, size).map((i) => members[i].handle);
  }

  function change(): void {
    stale = members.length > 0;
    if (!stale) owners.fill(NONE);
  }

  function walk(key: Key, n: number): number[] {
    if (stale) fill();
    const found = new Set<number>();
    const wanted = Math.min(n, members.length);
    const from = slotOf(requestHash, key, 0, size);
    for (let step = 0; step < size && found.size < wanted; step++) found.add(owners[(from + step) % size]);
    return [...found];
  }

  return {
    add(replica) {
      if (members.length >= size) throw tooSmall(size);
      members.splice(members.findLastIndex(({ id }) => id <= replica.id) + 1, 0, replica);
      change();
    },
    remove(handle) {
      const at = members.findIndex((replica) => replica.handle === handle);
      if (at < 0) throw new Error(`replica ${handle} is not in the table`);
      members.splice(at, 1);
      change();
    },
    locate(key) {
      if (stale) fill();
      return owners[slotOf(requestHash, key, 0, size)];
    },
    locateAll: walk,
    locateFirst(key, accepts) {
      if (stale) fill();
      return members.length === 0
        ? NONE
        : firstRound(owners, slotOf(requestHash, key, 0, size), size, accepts);
    },
    explain(key) {
      const names = new Map(members.map(({ handle, name }) => [handle, name]));
      const [owner = null, ...next] = walk(key, members.length).map((handle) => names.get(handle) ?? '');
      const slot = slotOf(requestHash, key, 0, size);
      const walked = owner === null ? [] : [slot];
      return { key, hash: exactHash(requestHash, key, 0), slot, walked, owner, next };
    },
    shares() {
      if (stale) fill();
      const entries = new Map(members.map(({ handle }) => [handle, 0]));
      for (const handle of owners) if (handle !== NONE) entries.set(handle, (entries.get(handle) ?? 0) + 1);
      return new Map([...entries].map(([handle, owned]) => [handle, owned / size]));
    },
    bytes: () => owners.byteLength,
  };
}

function tooSmall(size: number): InputError {
  return new InputError(`The placement maglev(${size}) has one entry a replica already; take a larger prime for its table, such as --placement maglev(${Math.min(LARGEST, primeFrom(100 * size))}).`); // prettier-ignore
}

/** The smallest divisor above 1. */
function divisorOf(size: number): number {
  for (let divisor = 2; divisor * divisor <= size; divisor++) if (size % divisor === 0) return divisor;
  return size;
}

function primeFrom(least: number): number {
  let size = least;
  while (divisorOf(size) !== size) size++;
  return size;
}

function checkPrime(size: number): void {
  const divisor = divisorOf(size);
  if (divisor !== size) {
    throw new InputError(`The placement maglev(${size}) needs a prime, but ${size} is divisible by ${divisor}.`); // prettier-ignore
  }
}

export const maglevEntry: PlacementEntry = {
  name: 'maglev',
  summary: 'fills a table of M entries, a prime, in turns: O(1), nearly even, and a few other keys move',
  source: 'Eisenbud et al. 2016, Maglev, 3.4; weights: Envoy, maglev_lb.cc',
  can: { removes: 'any', weights: true, historyFree: true },
  parameters: [{ name: 'size', default: 65_537, min: 2, max: LARGEST, integer: true }],
  suiting: (replicas) => [Math.min(LARGEST, primeFrom(Math.max(65_537, 100 * replicas)))],
  make: ([size]) => {
    checkPrime(size);
    return (options) => maglev(size, options);
  },
};
