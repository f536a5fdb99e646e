/** What every placement of the table promises, through random joins and leaves, whatever hashes it is built from. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../core/input-error.ts';
import { hashOf } from '../../core/resolve.ts';
import { tables } from '../../core/tables.ts';
import { NONE } from '../../core/types.ts';
import type { Placement, PlacementEntry } from '../../core/types.ts';
import { anyKey } from '../keys.ts';
import { Subject, anyMoves, anyOptions, keys, smallPlacement } from './membership.ts';
import { references } from './references.ts';

const KEYS = 20_000;

/** Ten replicas on good hashes: what a placement is meant for. */
function ten({ name, can }: PlacementEntry): Placement {
  const [requestHash, serverHash] = [hashOf('murmur3'), hashOf('xxhash32')];
  const made = smallPlacement(name, { slots: 1021, vnodes: 20, vnodeFrom: 0, probing: 'linear', requestHash, serverHash }); // prettier-ignore
  for (let id = 0; id < 10; id++) {
    made.add({ handle: id, id, name: `S${id + 1}`, weight: can.weights ? 1 + (id % 3) : 1 });
  }
  return made;
}

function countsOf(placement: Placement): number[] {
  const counts = Array<number>(10).fill(0);
  for (let key = 0; key < KEYS; key++) counts[placement.locate(key)]++;
  return counts;
}

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
          expect(subject.placement.shares()?.size ?? 0).toBe(0);
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
          for (const divisor of [1, 2, 3, 1e9]) {
            const accepts = (handle: number): boolean => handle % divisor === divisor - 1;
            const first = subject.placement.locateFirst?.(key, accepts) ?? all.find(accepts) ?? NONE;
            expect(first).toBe(all.find(accepts) ?? NONE);
          }
          expect(walked.at(0)).toBe(owner === null ? undefined : slot);
        }
        const numbers = keys.filter((key) => typeof key === 'number');
        const out = new Int32Array(numbers.length);
        subject.placement.locates?.(Float64Array.from(numbers), out, numbers.length);
        if (subject.placement.locates !== undefined)
          expect([...out]).toEqual(numbers.map((key) => subject.placement.locate(key)));
      });
    });

    it('gives its members shares that sum to 1', () => {
      through((subject, moves) => {
        for (const number of moves) subject.move(number);
        const shares = subject.placement.shares();
        expect(shares === undefined).toBe(entry.can.shares === 'none');
        if (!shares) return;
        expect([...shares.keys()].sort()).toEqual(subject.members.map(({ handle }) => handle).sort());
        if (shares.size > 0) expect([...shares.values()].reduce((a, b) => a + b)).toBeCloseTo(1, 12);
      });
    });

    if (entry.can.monotone) {
      it('moves only the keys of the replica that leaves, or to the one that joins (LAB 2.6)', () => {
        through((subject, moves) => {
          for (const number of moves) movesOnlyTheirs(subject, number);
        });
      });
    }

    if (entry.can.monotone && entry.can.removes === 'any') {
      it('falls back to whoever owns the key once those before have left', () => {
        through((subject, moves) => {
          for (const number of moves) subject.move(number);
          const order = subject.placement.locateAll(7, 2);
          if (order.length < 2) return;
          const [owner, next] = order;
          subject.placement.remove(owner);
          expect(subject.placement.locate(7)).toBe(next);
        });
      });
    }

    if (entry.can.historyFree) {
      it('stands as if built anew from its members, in any order', () => {
        fc.assert(
          fc.property(anyOptions, anyMoves, (options, moves) => {
            const subject = new Subject(entry, options);
            for (const number of moves) subject.move(number);
            const fresh = smallPlacement(entry.name, options);
            for (const member of [...subject.members].reverse()) fresh.add(member);
            const [old, anew] = [subject.placement, fresh].map((it) =>
              keys.map((key) => it.locateAll(key, 3)),
            );
            expect(anew).toEqual(old);
          }),
        );
      });
    }

    it('decides as the slow reference does', () => {
      fc.assert(
        fc.property(anyOptions, anyMoves, (options, moves) => {
          const subject = new Subject(entry, options);
          for (const number of moves) {
            subject.move(number);
            const slow = references[entry.name](subject.members, options, subject.history);
            for (const key of keys) expect([key, subject.placement.locate(key)]).toEqual([key, slow(key)]);
          }
        }),
        { numRuns: 25 },
      );
    });

    it('gives its members the keys that their shares promise, within 5 standard deviations', () => {
      const placement = ten(entry);
      const shares = placement.shares();
      const counts = countsOf(placement);
      if (!shares) expect(Math.max(...counts) / (KEYS / 10)).toBeLessThan(1.6); // 5 probes: 1 + 1/5, and the luck of 10 points
      for (const [handle, share] of shares ?? []) {
        const deviation = Math.sqrt(KEYS * share * (1 - share));
        expect(Math.abs(counts[handle] - KEYS * share)).toBeLessThan(5 * deviation);
      }
    });

    if (!entry.can.monotone && entry.can.historyFree) {
      it('moves few keys of the others', () => {
        const placement = ten(entry);
        const before = Array.from({ length: KEYS }, (_, key) => placement.locate(key));
        placement.remove(3);
        const collateral = before.filter(
          (owner, key) => owner !== 3 && placement.locate(key) !== owner,
        ).length;
        expect(collateral / KEYS).toBeLessThan(0.15);
      });
    }

    if (entry.can.removes === 'last') {
      it('says so when any but the last replica leaves, and stands as before', () => {
        const placement = ten(entry);
        const before = countsOf(placement);
        expect(() => {
          placement.remove(3);
        }).toThrow(InputError);
        expect(() => {
          placement.remove(3);
        }).toThrow(/can only lose the replica that joined last, S10, but S4 left; .*anchor/);
        expect(countsOf(placement)).toEqual(before);
      });
    }

    it('changes nothing when a replica cannot join', () => {
      through((subject, moves) => {
        for (const number of moves) {
          const [owners, shares] = [subject.owners(), [...(subject.placement.shares() ?? [])]];
          const { joined, left } = subject.move(number);
          if (joined ?? left) continue;
          expect(subject.owners()).toEqual(owners);
          expect([...(subject.placement.shares() ?? [])]).toEqual(shares);
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
