/** The measures of placements, on placements whose answers are plain. */
import { describe, expect, it } from 'vitest';
import { leaversOf, loadsOf, measure } from '../../../core/stats/measures.ts';
import { median, timings } from '../../../core/stats/timing.ts';
import { moduloEntry } from '../../../core/placement/modulo.ts';
import { ringEntry } from '../../../core/placement/ring.ts';
import { probings } from '../../../core/placement/probing.ts';
import { hashOf } from '../../../core/resolve.ts';
import type { Abilities, Placement, Replica } from '../../../core/types.ts';

const requestHash = hashOf('modulo');
const options = { slots: 1, vnodes: 1, vnodeFrom: 0, probing: probings['linear'], requestHash, serverHash: requestHash }; // prettier-ignore
const modulo = (): Placement => moduloEntry.make([])(options);
const fleet = (n: number): Replica[] =>
  Array.from({ length: n }, (_, id) => ({ handle: id, id, name: `S${id + 1}`, weight: 1 }));
const any: Abilities = { removes: 'any', weights: false };

/** The arcs of a ring of so many, one after another round the circle. */
function shareOf(n: number): number[] {
  const points = fleet(n).flatMap(({ id }) => [0, 1, 2, 3].map((j) => ({ id, at: hashOf('md5')(id, j) })));
  points.sort((a, b) => a.at - b.at);
  const shares = new Array<number>(n).fill(0);
  for (const [i, { id, at }] of points.entries()) {
    const arc = i === 0 ? at + 2 ** 32 - (points.at(-1)?.at ?? 0) : at - points[i - 1].at;
    shares[id] += arc / 2 ** 32;
  }
  return shares;
}

describe('the measures', () => {
  it('split moves into necessary and collateral', () => {
    const keys = Int32Array.from({ length: 12 }, (_, key) => key);
    const found = measure(modulo(), any, fleet(4), keys);
    expect(found.balance).toEqual({ peakToMean: 1, coefficientOfVariation: 0 });
    // S1 leaves; modulo 3 over S2 S3 S4 then: a key of S1's moves, another stays only where k % 4 - 1 = k % 3.
    expect(found.necessary).toBe(3 / 12);
    expect(found.collateral).toBe([...keys].filter((k) => k % 4 > 0 && (k % 4) - 1 !== k % 3).length / 12);
    expect(found.resizeBalance.peakToMean).toBe(1);
    expect(found.memoryBytes).toBe(0);
  });

  it('tell exact shares from those of the keys', () => {
    const keys = Int32Array.of(0, 1, 2, 4); // two for S1, though each of four owns a quarter
    const found = measure(modulo(), any, fleet(4), keys);
    expect(found.exact).toEqual({ peakToMean: 1, coefficientOfVariation: 0 });
    expect(found.balance.peakToMean).toBe(2);
    const ring = ringEntry.make([])({ ...options, vnodes: 4, serverHash: hashOf('md5') });
    const { exact } = measure(ring, any, fleet(3), keys);
    expect(exact?.peakToMean).toBeCloseTo(3 * Math.max(...shareOf(3)), 12);
  });

  it('divide a load by the weight', () => {
    const two = [fleet(1)[0], { ...fleet(2)[1], weight: 2 }];
    expect(loadsOf(Int32Array.of(0, 1, 1), two)).toEqual([1, 1]);
  });

  it('let a tenth leave: spread out, or the last first, and never all', () => {
    const ids = (n: number, removes: 'any' | 'last'): number[] =>
      leaversOf(fleet(n), { ...any, removes }).map(({ id }) => id);
    expect(ids(30, 'any')).toEqual([0, 10, 20]);
    expect(ids(30, 'last')).toEqual([29, 28, 27]);
    expect([ids(2, 'last'), ids(1, 'any')]).toEqual([[1], []]);
  });
});

describe('timings', () => {
  it('come from the clock that is given', () => {
    let now = 0;
    const clock = (): number => (now += 1);
    expect(timings(modulo, any, fleet(3), Int32Array.of(1, 2), clock)).toEqual({
      initMs: 1,
      lookupNs: 0.5e6,
      resizeUs: 500,
    });
  });

  it('take the middle value', () => {
    expect([median([3, 1, 2]), median([4, 1, 2, 3])]).toEqual([2, 2]);
  });
});
