/** Disruption: the share of keys whose replica changes when the membership does. */
import type { Key } from '../types.ts';

/** Keys by what became of them. Necessary: the old owner left, or the new one joined. Collateral: neither. */
export interface Disruption {
  readonly keys: number;
  readonly necessary: number;
  readonly collateral: number;
}

/** A key's owner, as a name or a handle that means the same before and after. */
export type Locate = (key: Key) => number;

/**
 * Compares two owners of every key.
 * @param changed the handles that left or joined in between
 */
export function disruption(
  keys: Iterable<Key>,
  before: Locate,
  after: Locate,
  changed: ReadonlySet<number>,
): Disruption {
  let total = 0;
  let necessary = 0;
  let collateral = 0;
  for (const key of keys) {
    total++;
    const [from, to] = [before(key), after(key)];
    if (from === to) continue;
    if (changed.has(from) || changed.has(to)) necessary++;
    else collateral++;
  }
  return { keys: total, necessary, collateral };
}
