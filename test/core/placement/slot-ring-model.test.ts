/** The lab's ring against a slow and plain reading of LAB 2: rings of every size, filled, emptied and probed. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tables } from '../../../core/tables.ts';
import { Subject, anyMoves, anyOptions, keys } from '../../contract/membership.ts';
import { SlowRing } from './slow-ring.ts';

describe('slot-ring', () => {
  it('stands slot by slot as the lab’s rules say, through any joins and leaves', () => {
    fc.assert(
      fc.property(anyOptions, anyMoves, (options, moves) => {
        const subject = new Subject(tables.placements.choose('slot-ring').entry, options);
        const slow = new SlowRing(options);
        for (const number of moves) {
          const { joined, left } = subject.move(number);
          if (left) slow.leave(left);
          if (joined) expect(slow.join(joined)).toBe(true);
        }
        const shares = subject.placement.shares();
        for (const { handle } of slow.members) {
          const owned = slow.slots.filter((_, slot) => slow.clockwise(slot)[0].handle === handle).length;
          expect(shares?.get(handle)).toBe(owned / options.slots);
        }
        for (const key of keys) {
          const slot = slow.slotOf(key);
          const [owner = null, ...next] = slow.clockwise(slot).map(({ name }) => name);
          expect(subject.placement.explain(key)).toMatchObject({
            slot,
            owner,
            next,
            walked: slow.walk(slot),
          });
        }
      }),
      { numRuns: 300 },
    );
  });

  it('turns a replica away exactly when the rules do', () => {
    fc.assert(
      fc.property(anyOptions, fc.nat(30), (options, id) => {
        const subject = new Subject(tables.placements.choose('slot-ring').entry, options);
        const slow = new SlowRing(options);
        for (let handle = 0; handle < 6; handle++) {
          const replica = { handle, id: id + handle, name: `S${handle}`, weight: 1 };
          const joins = (): void => {
            subject.placement.add(replica);
          };
          if (slow.join(replica)) joins();
          else expect(joins).toThrow(/found no free slot/);
        }
      }),
    );
  });
});
