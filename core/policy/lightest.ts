/** The fewest requests in flight for the weight, by a look at each. */
import type { Load, Replica } from '../types.ts';

/**
 * The place of the member with the least (in flight + 1) / weight, the first from `from` on and round. Fractions are
 * multiplied out, so that no rounding decides: of idle members the heaviest comes first.
 */
export function lightest(members: readonly Replica[], inFlight: Load, from: number, now: number): number {
  let best = from;
  let least = inFlight(members[from].handle, now) + 1;
  for (let step = 1; step < members.length; step++) {
    const at = from + step < members.length ? from + step : from + step - members.length;
    const requests = inFlight(members[at].handle, now) + 1;
    if (requests * members[best].weight >= least * members[at].weight) continue;
    best = at;
    least = requests;
  }
  return best;
}
