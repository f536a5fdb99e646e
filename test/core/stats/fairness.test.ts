/** Evenness, disruption, causes of imbalance, and the closed forms that they are compared with. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evenness } from '../../../core/result.ts';
import type { ReplicaRow } from '../../../core/result.ts';
import { populatedPlacement } from '../../../core/resolve.ts';
import { scenario } from '../../../core/scenario.ts';
import { causes, keyShares } from '../../../core/stats/causes.ts';
import { disruption } from '../../../core/stats/disruption.ts';
import { coefficientOfVariation, mean, peakToMean } from '../../../core/stats/fairness.ts';
import { sum } from '../../../core/stats/sum.ts';
import { ballsVariation, ringVariation, shareInterval } from '../../../core/stats/theory.ts';
import { FIRST_ID, IDS } from '../../../core/random/ids.ts';

const ids = (): Iterable<number> => Array.from({ length: IDS / 100 }, (_, i) => FIRST_ID + i * 100);

describe('evenness', () => {
  it('is 1 and 0 for even loads, and N and √(N-1) when one of N has it all', () => {
    expect([peakToMean([5, 5, 5]), coefficientOfVariation([5, 5, 5])]).toEqual([1, 0]);
    expect(peakToMean([12, 0, 0, 0])).toBe(4);
    expect(coefficientOfVariation([12, 0, 0, 0])).toBeCloseTo(Math.sqrt(3), 12);
  });

  it('is even where there is no load or nobody', () => {
    expect([peakToMean([]), coefficientOfVariation([]), mean([]), sum([])]).toEqual([1, 0, 0, 0]);
    expect([peakToMean([0, 0]), coefficientOfVariation([0, 0])]).toEqual([1, 0]);
  });

  it('does not depend on the unit of the load', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(1000), { minLength: 1 }), (loads) => {
        const tenfold = loads.map((load) => load * 10);
        expect(peakToMean(tenfold)).toBeCloseTo(peakToMean(loads), 9);
        expect(coefficientOfVariation(tenfold)).toBeCloseTo(coefficientOfVariation(loads), 9);
      }),
    );
  });

  it('counts requests a unit of weight, and a replacement with the replica whose id it took', () => {
    const row = (id: number, requests: number, weight: number): ReplicaRow => ({
      replica: '',
      id,
      weight,
      requests,
      share: 0,
      completed: 0,
      failed: 0,
      joinedMs: 0,
      failedMs: null,
      utilisation: 0,
    });
    expect(evenness([row(1, 40, 1), row(2, 500, 5), row(1, 60, 1)]).peakToMean).toBe(1);
    expect(evenness([row(1, 100, 1), row(2, 100, 5)]).peakToMean).toBeCloseTo(100 / 60, 12);
  });

  it('copes with 100,000 replicas', () => {
    expect(peakToMean(Array<number>(100_000).fill(3))).toBe(1);
  });
});

describe('disruption', () => {
  it('tells keys that had to move from keys that moved for nothing', () => {
    const before = [0, 0, 1, 1, 2, 2];
    const after = [0, 3, 3, 0, 2, 1];
    const found = disruption(
      [0, 1, 2, 3, 4, 5],
      (k) => before[Number(k)],
      (k) => after[Number(k)],
      new Set([3]),
    );
    expect(found).toEqual({ keys: 6, necessary: 2, collateral: 2 });
  });

  it('is only the replica’s own keys when one leaves the lab’s ring, and most keys for modulo', () => {
    const withoutS3 = (placement: string): { necessary: number; collateral: number } => {
      const [before, after] = [0, 1].map(() =>
        populatedPlacement(scenario({ placement, requestHash: 'murmur3' })),
      );
      after.remove(2);
      return disruption(
        ids(),
        (k) => before.locate(k),
        (k) => after.locate(k),
        new Set([2]),
      );
    };
    const ring = withoutS3('slot-ring');
    expect(ring.collateral).toBe(0);
    expect(ring.necessary).toBeGreaterThan(0);
    expect(withoutS3('modulo').collateral).toBeGreaterThan(2000);
  });
});

describe('causes of imbalance', () => {
  it('sum to the share that was sampled, for every replica', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(1000), { minLength: 5, maxLength: 5 }), fc.nat(1), (requests, which) => {
        fc.pre(requests.some((count) => count > 0));
        const placement = populatedPlacement(
          scenario({ replicas: 5, requestHash: ['poly', 'murmur3'][which], serverHash: 'md5' }),
        );
        const found = causes(placement, ids(), new Map(requests.map((count, handle) => [handle, count])));
        for (const cause of found) {
          expect(cause.even + cause.placement + cause.skew + cause.chance).toBeCloseTo(cause.sampled, 12);
          expect(cause.even + cause.placement + cause.skew).toBeCloseTo(cause.exact, 12);
        }
        for (const part of ['placement', 'skew', 'chance'] as const) {
          expect(sum(found.map((cause) => cause[part]))).toBeCloseTo(0, 12);
        }
      }),
      { numRuns: 20 },
    );
  });

  it('have no skew where the keys fall evenly on the slots', () => {
    const placement = populatedPlacement(scenario({ requestHash: 'modulo' }));
    const keys = Array.from({ length: 512 * 3 }, (_, key) => key);
    for (const { skew } of causes(placement, keys, new Map([[0, 1]]))) expect(skew).toBeCloseTo(0, 12);
    expect(sum([...keyShares(placement, keys).values()])).toBeCloseTo(1, 12);
  });
});

describe('closed forms', () => {
  it('give the spread of rings of random points', () => {
    // The mean of 300 squared variations, each about as spread as it is large, is within 5·√(1/300) of the law: 30%.
    const found = Array.from({ length: 300 }, (_, ring) => {
      const s = scenario({
        replicas: 4,
        vnodes: 25,
        slots: 2 ** 13,
        firstId: ring * 4,
        serverHash: 'murmur3',
      });
      const shares = [...(populatedPlacement(s).shares()?.values() ?? [])];
      return coefficientOfVariation(shares) ** 2;
    });
    expect(Math.abs(mean(found) / ringVariation(4, 25) ** 2 - 1)).toBeLessThan(0.3);
  });

  it('are 0 for one replica, and the textbook’s elsewhere', () => {
    expect([ringVariation(1, 9), ballsVariation(1, 10)]).toEqual([0, 0]);
    expect(ballsVariation(3, 10_000)).toBeCloseTo(Math.sqrt(2 / 10_000), 12);
    expect(shareInterval(0.5, 10_000)).toBeCloseTo(0.0098, 12);
  });
});
