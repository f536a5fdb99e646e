/** The fewest requests in flight for the weight, among a few. */
import type { Replica } from '../types.ts';

/**
 * The place of the member with the least (in flight + 1) / weight, the first from `from` on and round. Fractions are
 * multiplied out, so that no rounding decides: of idle members the heaviest comes first.
 */
export function lightest(
  members: readonly Replica[],
  inFlight: (handle: number) => number,
  from = 0,
): number {
  let best = from;
  let least = inFlight(members[from].handle) + 1;
  for (let step = 1; step < members.length; step++) {
    const at = (from + step) % members.length;
    const requests = inFlight(members[at].handle) + 1;
    if (requests * members[best].weight < least * members[at].weight) [best, least] = [at, requests];
  }
  return best;
}
