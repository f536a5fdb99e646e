/** Placements as their papers tell them, slow and plain: everything is computed anew for every key. */
import { mix } from '../../core/placement/mix.ts';
import type { HashFunction, Key, Replica } from '../../core/types.ts';
import { NONE } from '../../core/types.ts';
import { SlowRing } from '../core/placement/slow-ring.ts';
import type { RingOptions } from '../core/placement/slow-ring.ts';
import { slowBinomial, slowFlip, slowJump, slowJumpBack, slowPower } from './slow-buckets.ts';
import { slowAnchor, slowDx, slowMemento } from './slow-histories.ts';
import type { Change } from './slow-histories.ts';

/** A key's owner, as a handle. */
type Slow = (key: Key) => number;

const AROUND = 2 ** 32;
const byId = (a: Replica, b: Replica): number => a.id - b.id;

/** By big integers, as the exact value of the hash says. */
function modulo(hash: HashFunction, key: Key, seed: number, m: number): number {
  const value = hash.wide ? hash.wide.value(key, seed) : BigInt(hash(key, seed));
  return Number(((value % BigInt(m)) + BigInt(m)) % BigInt(m));
}

function ring(
  members: readonly Replica[],
  { requestHash, serverHash, vnodes, vnodeFrom }: RingOptions,
): Slow {
  // prettier-ignore
  const points = [...members].sort(byId).flatMap(({ id, handle, weight }) =>
    Array.from({ length: vnodes * weight }, (_, j) => ({ handle, at: serverHash(id, vnodeFrom + j) })),
  );
  points.sort((a, b) => a.at - b.at);
  return (key) => (points.find(({ at }) => at >= requestHash(key, 0)) ?? points.at(0))?.handle ?? NONE;
}

function rendezvous(members: readonly Replica[], { requestHash, serverHash, vnodeFrom }: RingOptions): Slow {
  return (key) => {
    const scored = [...members].sort(byId).map(({ id, handle, weight }) => {
      const u = (mix(requestHash(key, 0), serverHash(id, vnodeFrom)) + 0.5) / AROUND;
      return { handle, score: -weight / Math.log(u) };
    });
    return scored.reduce((best, one) => (one.score > best.score ? one : best), { handle: NONE, score: 0 }).handle; // prettier-ignore
  };
}

function multiProbe(members: readonly Replica[], { requestHash, serverHash, vnodeFrom }: RingOptions): Slow {
  return (key) => {
    const start = requestHash(key, 0);
    let best = { handle: NONE, distance: Infinity };
    for (let i = 0; i < 5; i++) {
      const probe = (start + i * (mix(start, 1) | 1)) % AROUND;
      for (const { id, handle } of [...members].sort(byId)) {
        const distance = (serverHash(id, vnodeFrom) - probe + 16 * AROUND) % AROUND;
        if (distance < best.distance) best = { handle, distance };
      }
    }
    return best.handle;
  };
}

function maglev(members: readonly Replica[], { requestHash, serverHash, vnodeFrom }: RingOptions): Slow {
  const size = 251;
  const table = Array<number>(size).fill(NONE);
  const heaviest = Math.max(...members.map(({ weight }) => weight));
  const claims = [...members].sort(byId).map(({ id, handle, weight }) => {
    const offset = modulo(serverHash, id, vnodeFrom, size);
    const skip = modulo(serverHash, id, vnodeFrom + 1, size - 1) + 1;
    const permutation = Array.from({ length: size }, (_, j) => (offset + j * skip) % size);
    return { handle, weight, permutation, target: 0 };
  });
  for (let turn = 1; claims.length > 0 && table.includes(NONE); turn++) {
    for (const claim of claims) {
      if (turn * claim.weight < claim.target) continue;
      claim.target += heaviest;
      const free = claim.permutation.find((entry) => table[entry] === NONE);
      if (free !== undefined) table[free] = claim.handle;
    }
  }
  return (key) => table[modulo(requestHash, key, 0, size)];
}

/** What stands now, in order of joining, and how it came to be. */
type Reference = (members: readonly Replica[], options: RingOptions, history: readonly Change[]) => Slow;

/** Schemes that know no more than a hash and how many there are. */
const numbered =
  (bucket: (hash: number, n: number) => number): Reference =>
  (members, { requestHash }) =>
  (key) => members.at(0) ? members[bucket(requestHash(key, 0), members.length)].handle : NONE; // prettier-ignore

/** Both lanes of a hash that has lanes, else its 32 bits. */
const lanesOf = (hash: HashFunction) => (key: Key): bigint =>
  hash.wide?.lanes ? BigInt.asUintN(64, hash.wide.value(key, 0)) : BigInt(hash(key, 0)); // prettier-ignore

const jump: Reference = (members, { requestHash }) => {
  const wide = lanesOf(requestHash);
  return (key) => members.at(0) ? members[slowJump(wide(key), members.length)].handle : NONE; // prettier-ignore
};

const divided: Reference = (members, { requestHash }) => (key) =>
  members.at(0) ? members[modulo(requestHash, key, 0, members.length)].handle : NONE; // prettier-ignore

const slotRing: Reference = (_, options, history) => {
  const slow = new SlowRing(options);
  const replicas = new Map<number, Replica>();
  for (const { replica, joins } of history) {
    const known = replicas.get(replica.handle) ?? replica;
    replicas.set(replica.handle, known);
    if (joins) slow.join(known);
    else slow.leave(known);
  }
  return (key) => slow.clockwise(slow.slotOf(key)).at(0)?.handle ?? NONE;
};

/** The references by the names of the placements, of the sizes that `smallPlacement` gives them. */
export const references: Readonly<Record<string, Reference>> = {
  anchor: (_, { requestHash }, history) => slowAnchor(history, 32, requestHash),
  binomial: numbered(slowBinomial),
  dx: (_, { requestHash }, history) => slowDx(history, 29, requestHash),
  flip: numbered(slowFlip),
  jump,
  jumpback: numbered(slowJumpBack),
  maglev,
  memento: (_, { requestHash }, history) => slowMemento(history, requestHash, lanesOf(requestHash)),
  modulo: divided,
  'multi-probe': multiProbe,
  power: numbered(slowPower),
  rendezvous,
  ring,
  'slot-ring': slotRing,
};
