/** How a request hash spreads keys over slots, and what each owner of slots gets of that. */
import { slotOf } from '../hash/slot.ts';
import { allIds } from '../random/ids.ts';
import type { HashFunction, Key } from '../types.ts';

/** The exact share of the keys that falls on each of `slots` slots. */
export function slotShares(hash: HashFunction, slots: number, keys: Iterable<Key> = allIds()): Float64Array {
  const shares = new Float64Array(slots);
  let total = 0;
  for (const key of keys) {
    shares[slotOf(hash, key, 0, slots)]++;
    total++;
  }
  return shares.map((count) => count / total);
}

/** The share that each owner gets: `owners` holds a handle below `replicas` for every slot. */
export function ownerShares(owners: Readonly<Int32Array>, shares: Float64Array, replicas: number): number[] {
  const owned = new Array<number>(replicas).fill(0);
  shares.forEach((share, slot) => {
    owned[owners[slot]] += share;
  });
  return owned;
}
