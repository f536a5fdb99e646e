/** What answers for the lightest of many members, against a look at each of them. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Bits } from '../../../core/policy/bits.ts';
import { Levels } from '../../../core/policy/levels.ts';
import { lightest } from '../../../core/policy/lightest.ts';
import { Tournament } from '../../../core/policy/tournament.ts';
import { NONE } from '../../../core/types.ts';

const weights = {
  alike: fc.constant(3),
  'not alike': fc.integer({ min: 1, max: 4 }),
};

describe.each(['alike', 'not alike'] as const)('the lightest of many whose weights are %s', (which) => {
  it('is that which a look at each finds, after any changes', () => {
    const anyFleet = fc.array(fc.tuple(fc.nat(3), weights[which]), { minLength: 1, maxLength: 70 });
    const anySteps = fc.array(fc.tuple(fc.nat(), fc.boolean(), fc.nat()), { maxLength: 60 });
    fc.assert(
      fc.property(anyFleet, anySteps, (fleet, steps) => {
        const inFlight = fleet.map(([requests]) => requests);
        const loads = inFlight.map((requests) => requests + 1);
        const members = fleet.map(([, weight], handle) => ({ handle, id: handle, name: '', weight }));
        const tree = new Tournament(
          loads,
          members.map(({ weight }) => weight),
        );
        const indices = which === 'alike' ? [tree, new Levels(loads)] : [tree];
        for (const [one, up, start] of steps) {
          const place = one % fleet.length;
          const change = up || inFlight[place] === 0 ? 1 : -1;
          inFlight[place] += change;
          for (const index of indices) index.add(place, change);
          const from = start % fleet.length;
          const expected = lightest(members, (handle) => inFlight[handle], from, 0);
          expect(indices.map((index) => index.lightest(from))).toEqual(indices.map(() => expected));
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe('a set of bits', () => {
  it.each([1, 31, 32, 33, 1024, 1025, 40_000])('of %i integers finds the next from each', (n) => {
    const bits = new Bits(n);
    const set = new Set<number>();
    for (let i = 0; i < 400; i++) {
      const integer = (i * i * 7919) % n;
      if (set.delete(integer)) bits.delete(integer);
      else {
        set.add(integer);
        bits.add(integer);
      }
      const from = (i * 104_729) % n;
      const next = Math.min(...[...set].filter((one) => one >= from));
      expect(bits.next(from)).toBe(next === Infinity ? NONE : next);
      expect(bits.empty).toBe(set.size === 0);
    }
  });
});
