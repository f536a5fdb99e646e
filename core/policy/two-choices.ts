/** The cheaper of two different members drawn at random, as Finagle picks (P2CPick.scala; Mitzenmacher 2001). */
import type { Random, Replica } from '../types.ts';
import { NONE } from '../types.ts';

/** The handle of the cheaper one, the first drawn if they are equal; of a single member, its own. */
export function cheaperOfTwo(
  members: readonly Replica[],
  random: Random,
  costOf: (handle: number) => number,
): number {
  const n = members.length;
  if (n === 0) return NONE;
  if (n === 1) return members[0].handle;
  const first = Math.floor(random() * n);
  const second = (first + 1 + Math.floor(random() * (n - 1))) % n;
  const [a, b] = [members[first].handle, members[second].handle];
  return costOf(b) < costOf(a) ? b : a;
}
