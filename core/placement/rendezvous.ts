/**
 * Rendezvous hashing (Thaler, Ravishankar 1998): each replica draws a number for the key, and the highest wins. With
 * weights the draw is -w / ln(u), which gives replica i exactly w_i / Σw (Schindelhauer, Schomaker 2005).
 */
import type { Key, Placement, PlacementEntry, PlacementOptions, Replica } from '../types.ts';
import { NONE } from '../types.ts';
import { mix } from './mix.ts';

/** A replica's draw for a key: an unsigned 32-bit number of the key, the key's hash and the replica's own. */
export type Draw = (key: Key, hash: number, replica: number) => number;

const AROUND = 0x1_0000_0000;

/** Builds an empty placement; members stand by id, so that of equal draws the lower id wins. */
export function rendezvous(
  { requestHash, serverHash, vnodeFrom }: PlacementOptions,
  draw: Draw = (_key, hash, replica) => mix(hash, replica),
): Placement {
  const members: Replica[] = [];
  const seeds: number[] = [];
  let even = true;

  /** The index of the highest draw; weights that are all equal need no logarithm. */
  function winner(key: Key): number {
    const hash = requestHash(key, 0);
    let [best, highest] = [0, -Infinity];
    for (let i = 0; i < seeds.length; i++) {
      const drawn = draw(key, hash, seeds[i]);
      const score = even ? drawn : weighted(drawn, members[i].weight);
      if (score > highest) [best, highest] = [i, score];
    }
    return best;
  }

  function order(key: Key): Replica[] {
    const hash = requestHash(key, 0);
    const scored = members.map((replica, i) => {
      const drawn = draw(key, hash, seeds[i]);
      return { replica, score: even ? drawn : weighted(drawn, replica.weight) };
    });
    return scored.sort((a, b) => b.score - a.score).map(({ replica }) => replica);
  }

  return {
    add(replica) {
      const later = members.findLastIndex(({ id }) => id <= replica.id) + 1;
      members.splice(later, 0, replica);
      seeds.splice(later, 0, serverHash(replica.id, vnodeFrom));
      even &&= replica.weight === members[0].weight && replica.weight === members[members.length - 1].weight;
    },
    remove(handle) {
      const at = members.findIndex((replica) => replica.handle === handle);
      if (at < 0) throw new Error(`replica ${handle} is not a member`);
      members.splice(at, 1);
      seeds.splice(at, 1);
      even = members.every(({ weight }) => weight === members[0].weight);
    },
    locate: (key) => (members.length === 0 ? NONE : members[winner(key)].handle),
    locateAll: (key, n) =>
      order(key)
        .slice(0, n)
        .map(({ handle }) => handle),
    explain(key) {
      const [owner = null, ...next] = order(key).map(({ name }) => name);
      const slot = owner === null ? 0 : winner(key);
      return { key, hash: requestHash(key, 0), slot, walked: owner === null ? [] : [slot], owner, next };
    },
    shares() {
      const total = members.reduce((sum, { weight }) => sum + weight, 0);
      return new Map(members.map(({ handle, weight }) => [handle, weight / total]));
    },
    bytes: () => 4 * seeds.length,
  };
}

/** The draw as u in (0, 1), its middle so that no logarithm is infinite. */
function weighted(drawn: number, weight: number): number {
  return -weight / Math.log((drawn + 0.5) / AROUND);
}

export const rendezvousEntry: PlacementEntry = {
  name: 'rendezvous',
  summary: 'lets every replica draw a number for the key, the highest wins; weights are exact',
  source: 'Thaler, Ravishankar 1998; weights: Schindelhauer, Schomaker 2005',
  can: { removes: 'any', weights: true, historyFree: true, monotone: true, shares: 'expected' },
  linear: true,
  make: () => (options) => rendezvous(options),
};
