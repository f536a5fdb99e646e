/** Placements as their papers tell them, slow and plain: everything is computed anew for every key. */
import { mix } from '../../core/placement/mix.ts';
import type { HashFunction, Key, Replica } from '../../core/types.ts';
import { NONE } from '../../core/types.ts';
import type { RingOptions } from '../core/placement/slow-ring.ts';

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

/** The references by the names of the placements; those of `maglev(251)` and `multi-probe(5)`. */
export const references: Readonly<
  Record<string, (members: readonly Replica[], options: RingOptions) => Slow>
> = { ring, rendezvous, 'multi-probe': multiProbe, maglev };
