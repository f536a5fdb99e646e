/** Who is tried after the first pick: a live run and its replay find it alike. */
import type { Seat } from '../../core/resolve.ts';
import { NONE } from '../../core/types.ts';
import type { Key } from '../../core/types.ts';

/**
 * The replica for a request that some were tried for: the next in the key's fallback order; without such an order, what the
 * policy picked when it was asked again, or whoever joined first. NONE when all were tried.
 */
export function nextAfter(
  tried: readonly number[],
  key: Key,
  { placement }: Seat,
  picked: number,
  members: Iterable<number>,
): number {
  const fresh = (handle: number): boolean => !tried.includes(handle);
  if (placement) return placement.locateAll(key, tried.length + 1).find(fresh) ?? NONE;
  return picked !== NONE && fresh(picked) ? picked : ([...members].find(fresh) ?? NONE);
}
