/** The policies that look at load: which replica they must not take, and how they draw. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Balancer, Replica } from '../../../core/types.ts';
import { anySteps, balancerOf, drive } from '../../contract/fleet.ts';
import { chiSquare, chiSquareLimit } from '../../statistics.ts';

const anyWeights = fc.array(fc.integer({ min: 1, max: 9999 }), { minLength: 1, maxLength: 4 });

/** A fleet of n with so many requests in flight at each. */
function loaded(spec: string, loads: readonly number[], weights: readonly number[] = [1]): Balancer {
  const balancer = balancerOf(spec);
  loads.forEach((load, handle) => {
    const weight = weights[handle % weights.length];
    balancer.joined({ handle, id: handle, name: `S${handle + 1}`, weight }, 0);
    for (let i = 0; i < load; i++) balancer.started(handle, 0);
  });
  return balancer;
}

function counts(balancer: Balancer, n: number, picks: number): number[] {
  const got = Array.from({ length: n }, () => 0);
  for (let key = 0; key < picks; key++) got[balancer.pick({ key }, 0)]++;
  return got;
}

describe('least-request', () => {
  it('never takes a replica that another one beats, in flight for the weight', () => {
    fc.assert(
      fc.property(anySteps, anyWeights, (steps, weights) => {
        for (const { chosen, members, inFlight } of drive(balancerOf('least-request'), steps, weights)) {
          const load = ({ handle }: Replica): bigint => BigInt((inFlight.get(handle) ?? 0) + 1);
          const taken = members.find(({ handle }) => handle === chosen);
          for (const other of taken ? members : []) {
            if (!taken) continue;
            expect(load(taken) * BigInt(other.weight) <= load(other) * BigInt(taken.weight)).toBe(true);
          }
        }
      }),
    );
  });

  it('picks from a large fleet whom a look at every member would pick', () => {
    const weights = fc.constantFrom([1], [3, 1, 2], [2, 2, 5, 1]);
    fc.assert(
      fc.property(fc.array(fc.nat(9999), { minLength: 60, maxLength: 150 }), weights, (steps, dealt) => {
        // 40 join before anything else, more than are looked at one by one.
        const crowd = [
          ...Array<number>(40).fill(0),
          ...steps.map((step) => (step % 10 < 2 ? step + 5 : step)),
        ];
        let after = 0;
        for (const { chosen, members, inFlight } of drive(balancerOf('least-request'), crowd, dealt)) {
          const n = members.length;
          const ratio = (at: number): number =>
            ((inFlight.get(members[at].handle) ?? 0) + 1) / members[at].weight;
          const rotation = members.map((_, i) => (after + i) % n);
          const best = rotation.reduce((first, at) => (ratio(at) < ratio(first) ? at : first));
          expect(chosen).toBe(members[best].handle);
          after = best + 1;
        }
      }),
    );
  });

  it('takes ties in rotation', () => {
    const balancer = loaded('least-request', [1, 0, 0, 1, 0]);
    expect([1, 2, 3, 4, 5].map((key) => balancer.pick({ key }, 0))).toEqual([1, 2, 4, 1, 2]);
  });
});

describe('power-of-d', () => {
  it('takes a least loaded replica when it looks at all of them', () => {
    fc.assert(
      fc.property(anySteps, (steps) => {
        for (const { chosen, members, inFlight } of drive(balancerOf('power-of-d(1000)'), steps)) {
          const loads = members.map(({ handle }) => inFlight.get(handle) ?? 0);
          if (members.length > 0) expect(inFlight.get(chosen) ?? 0).toBe(Math.min(...loads));
        }
      }),
    );
  });

  // Chances under the hypothesis are exact, so the only tolerance is the limit's: one false alarm in a million seeds.
  it.each(['power-of-d(1)', 'power-of-d(2)', 'power-of-d(5)', 'power-of-d-with-replacement(3)', 'random'])(
    '%s is uniform when idle',
    (spec) => {
      const got = counts(loaded(spec, [0, 0, 0, 0, 0]), 5, 100_000);
      expect(chiSquare(got, [0.2, 0.2, 0.2, 0.2, 0.2])).toBeLessThan(chiSquareLimit(4));
    },
  );

  it('draws pairs without replacement: the i-th busiest of n wins as often as it is the better of two', () => {
    const got = counts(loaded('power-of-d(2)', [0, 1, 2, 3, 4]), 5, 100_000);
    expect(got[4]).toBe(0);
    expect(chiSquare(got.slice(0, 4), [0.4, 0.3, 0.2, 0.1])).toBeLessThan(chiSquareLimit(3));
  });

  it('draws with replacement where it says so: the i-th busiest of n wins unless all draws beat it', () => {
    const got = counts(loaded('power-of-d-with-replacement(2)', [0, 1, 2, 3, 4]), 5, 100_000);
    expect(chiSquare(got, [0.36, 0.28, 0.2, 0.12, 0.04])).toBeLessThan(chiSquareLimit(4));
    const most = counts(loaded('power-of-d-with-replacement(1000)', [3, 0, 3]), 3, 1000);
    expect(most).toEqual([0, 1000, 0]);
  });

  it('draws evenly from a fleet that has shrunk and grown', () => {
    const balancer = loaded('power-of-d(2)', [0, 0, 0, 0, 0, 0]);
    balancer.pick({ key: 0 }, 0);
    for (const handle of [0, 1, 2]) balancer.left(handle, 0);
    balancer.pick({ key: 0 }, 0);
    balancer.joined({ handle: 6, id: 0, name: 'S7', weight: 1 }, 0);
    const got = counts(balancer, 7, 100_000);
    expect(got.slice(0, 3)).toEqual([0, 0, 0]);
    expect(chiSquare(got.slice(3), [0.25, 0.25, 0.25, 0.25])).toBeLessThan(chiSquareLimit(3));
  });

  it('holds a fleet of 100,000 and survives its shrinking', () => {
    const balancer = loaded('power-of-d(2)', Array<number>(100_000).fill(0));
    balancer.pick({ key: 0 }, 0);
    balancer.left(50_000, 0);
    expect(balancer.pick({ key: 0 }, 0)).toBeGreaterThanOrEqual(0);
  });
});
