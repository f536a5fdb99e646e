/** The order in which servers would take a key, by asking again without those found. */
import { NOBODY } from './types.ts';

/** Up to n servers: the one found with nobody left out, then without it, and so on. */
export function fallbackOrder(n: number, without: (left: ReadonlySet<number>) => number): number[] {
  const left = new Set<number>();
  while (left.size < n) {
    const found = without(left);
    if (found === NOBODY || left.has(found)) break;
    left.add(found);
  }
  return [...left];
}
