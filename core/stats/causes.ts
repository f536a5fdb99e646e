/** Why a placement is uneven: an exact sum of placement, hash skew and chance for every replica. */
import type { Key, Placement } from '../types.ts';

/** One replica's share of the requests, taken apart: even + placement + skew + chance = sampled. */
export interface Causes {
  readonly handle: number;
  /** 1/N. */
  readonly even: number;
  /** Share of the positions (slots, arcs) that the replica owns, less the even share; 0 where only keys can tell. */
  readonly placement: number;
  /** Share of all possible keys that it owns, less its share of positions: the request hash is not uniform. */
  readonly skew: number;
  /** Share of the requests that came, less its share of all possible keys: the luck of the draw. */
  readonly chance: number;
  /** Exact share of all possible keys. */
  readonly exact: number;
  /** Share of the requests that came. */
  readonly sampled: number;
}

/** The exact share of `keys` that each handle owns. */
export function keyShares(placement: Placement, keys: Iterable<Key>): Map<number, number> {
  const counts = new Map<number, number>();
  let total = 0;
  for (const key of keys) {
    const handle = placement.locate(key);
    counts.set(handle, (counts.get(handle) ?? 0) + 1);
    total++;
  }
  return new Map([...counts].map(([handle, owned]) => [handle, owned / total]));
}

/**
 * Takes the imbalance apart.
 * @param placement with its members in place
 * @param keys every key that a request can have, equally likely
 * @param counts requests that each handle got
 */
export function causes(
  placement: Placement,
  keys: Iterable<Key>,
  counts: ReadonlyMap<number, number>,
): Causes[] {
  const exactShares = keyShares(placement, keys);
  const positions = placement.shares() ?? evenOver(new Set([...counts.keys(), ...exactShares.keys()]));
  const requests = [...counts.values()].reduce((total, count) => total + count, 0);
  const even = 1 / positions.size;
  return [...positions].map(([handle, position]) => {
    const exact = exactShares.get(handle) ?? 0;
    const sampled = (counts.get(handle) ?? 0) / requests;
    const skew = exact - position;
    return { handle, even, placement: position - even, skew, chance: sampled - exact, exact, sampled };
  });
}

function evenOver(handles: ReadonlySet<number>): Map<number, number> {
  return new Map([...handles].map((handle) => [handle, 1 / handles.size]));
}
