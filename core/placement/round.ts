/** A walk round a table of owners: who comes next for a key, until somebody is accepted. */
import { NONE } from '../types.ts';

/** The first owner from an entry on, and round, that is accepted; NONE where nobody is. */
export function firstRound(
  owners: ArrayLike<number>,
  from: number,
  entries: number,
  accepts: (handle: number) => boolean,
): number {
  let last = NONE;
  for (let step = 0; step < entries; step++) {
    const owner = owners[from + step < entries ? from + step : from + step - entries];
    if (owner === last) continue;
    if (accepts(owner)) return owner;
    last = owner;
  }
  return NONE;
}
