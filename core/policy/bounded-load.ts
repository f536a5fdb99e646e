/** Bounded loads as the paper states them: nobody gets more than its share of the mean times a factor, rounded up. */
import { boundedEntry, walkOn } from './bounded.ts';

/**
 * Of m requests, the new one included, a replica with share s of the weights has at most ⌈factor · m · s⌉. The rooms
 * add up to m or more, so somebody always has room. The paper also moves balls when bins leave; requests stay.
 */
export const boundedLoadEntry = boundedEntry(
  {
    name: 'bounded-load',
    summary: 'sends a key where the placement says, or on in its order past those with factor times the mean',
    source: 'Mirrokni, Thorup, Zadimoghaddam 2016, arXiv 1608.01350',
  },
  (percent, placement, crowd) => {
    let counted = -1;
    let total = 0;
    const weights = new Map<number, number>();

    function recount(): void {
      counted = crowd.version;
      weights.clear();
      for (const { handle, weight } of crowd.members) weights.set(handle, weight);
      total = crowd.members.reduce((sum, { weight }) => sum + weight, 0);
    }

    return walkOn(placement, crowd, (handle) => {
      if (counted !== crowd.version) recount();
      const bound = Math.ceil((percent * (crowd.all + 1) * (weights.get(handle) ?? 0)) / (100 * total));
      return crowd.inFlight(handle) < bound;
    });
  },
);
