/** What every placement of the table promises, through random joins and leaves, whatever hashes it is built from. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tables } from '../../core/tables.ts';
import { NONE } from '../../core/types.ts';
import { anyKey } from '../keys.ts';
import { Subject, anyMoves, anyOptions, keys } from './membership.ts';

/** Placements that move other keys too when the membership changes, as their summaries say. */
const rehashes = new Set(['modulo']);

function movesOnlyTheirs(subject: Subject, number: number): void {
  const before = subject.owners();
  const { joined, left } = subject.move(number);
  subject.owners().forEach((owner, i) => {
    if (owner !== before[i]) expect([before[i] === left?.name, owner === joined?.name]).toContain(true);
  });
}

describe.each(tables.placements.entries.map((entry) => ({ name: entry.name, entry })))(
  '$name',
  ({ entry }) => {
    const through = (check: (subject: Subject, moves: number[]) => void): void => {
      fc.assert(
        fc.property(anyOptions, anyMoves, (options, moves) => {
          check(new Subject(entry, options), moves);
        }),
      );
    };

    it('has no owner for any key when it is empty, before and after', () => {
      through((subject, moves) => {
        const everything = (): void => {
          expect(subject.placement.locate(7)).toBe(NONE);
          expect(subject.placement.locateAll(7, 3)).toEqual([]);
          expect(subject.placement.explain(7)).toMatchObject({ owner: null, next: [], walked: [] });
          expect(subject.placement.shares().size).toBe(0);
        };
        everything();
        for (const number of moves) subject.move(number);
        if (entry.can.removes === 'last') subject.members.reverse();
        for (const { handle } of subject.members) subject.placement.remove(handle);
        everything();
      });
    });

    it('says the same in locate, locateAll and explain', () => {
      through((subject, moves) => {
        for (const number of moves) subject.move(number);
        const names = new Map(subject.members.map(({ handle, name }) => [handle, name]));
        for (const key of keys) {
          const { owner, next, walked, slot } = subject.placement.explain(key);
          const all = subject.placement.locateAll(key, 1000);
          expect(all.map((handle) => names.get(handle))).toEqual(owner === null ? [] : [owner, ...next]);
          expect(subject.placement.locate(key)).toBe(all.at(0) ?? NONE);
          expect(new Set(all).size).toBe(all.length);
          expect(subject.placement.locateAll(key, 2)).toEqual(all.slice(0, 2));
          expect(subject.placement.locateAll(key, 0)).toEqual([]);
          expect(walked.at(0)).toBe(owner === null ? undefined : slot);
        }
      });
    });

    it('gives its members shares that sum to 1', () => {
      through((subject, moves) => {
        for (const number of moves) subject.move(number);
        const shares = subject.placement.shares();
        expect([...shares.keys()].sort()).toEqual(subject.members.map(({ handle }) => handle).sort());
        if (shares.size > 0) expect([...shares.values()].reduce((a, b) => a + b)).toBeCloseTo(1, 12);
      });
    });

    if (!rehashes.has(entry.name)) {
      it('moves only the keys of the replica that leaves, or to the one that joins (LAB 2.6)', () => {
        through((subject, moves) => {
          for (const number of moves) movesOnlyTheirs(subject, number);
        });
      });
    }

    it('changes nothing when a replica cannot join', () => {
      through((subject, moves) => {
        for (const number of moves) {
          const [owners, shares] = [subject.owners(), [...subject.placement.shares()]];
          const { joined, left } = subject.move(number);
          if (joined ?? left) continue;
          expect(subject.owners()).toEqual(owners);
          expect([...subject.placement.shares()]).toEqual(shares);
        }
      });
    });

    it('takes any key', () => {
      fc.assert(
        fc.property(anyOptions, anyKey, (options, key) => {
          const subject = new Subject(entry, { ...options, vnodes: 1 });
          subject.move(0);
          expect(subject.placement.locate(key)).toBe(0);
        }),
      );
    });
  },
);
