/** Intervals from one run hold the truth as often as they say, although its values depend on each other. */
import { describe, expect, it } from 'vitest';
import { normal } from '../../../core/random/draw.ts';
import { stream } from '../../../core/random/stream.ts';
import { fromBatches, fromRuns } from '../../../core/stats/estimate.ts';
import type { Series } from '../../../core/stats/estimate.ts';
import { mser } from '../../../core/stats/warmup.ts';

/** A series in which each value remembers a share `phi` of the one before (AR(1)), with mean 3 and a start at `from`. */
function remembering(phi: number, n: number, seed: number, from = 3): number[] {
  const random = stream(seed, 'service');
  let value = from - 3;
  return Array.from({ length: n }, () => 3 + (value = phi * value + normal(random)));
}

const meanOf = (numerator: readonly number[]): Series => ({ numerator, denominator: numerator.map(() => 1) });

/** How many of 400 intervals at 95% hold 3; four standard deviations of that share are 4.4%. */
function coverage(estimate: typeof fromBatches, phi: number, n: number): number {
  const holds = Array.from({ length: 400 }, (_, seed) => {
    const { low, high } = estimate(meanOf(remembering(phi, n, seed)), 0.95);
    return low <= 3 && 3 <= high;
  });
  return holds.filter(Boolean).length / holds.length;
}

describe('an interval from batches', () => {
  it.each([0, 0.5, 0.9])('holds the mean 95 times in 100 where values remember %d of the last', (phi) => {
    expect(Math.abs(coverage(fromBatches, phi, 2000) - 0.95)).toBeLessThan(0.044);
  });

  it('is what independent values alone do not give: without batches it would hold far too seldom', () => {
    expect(coverage(fromRuns, 0.9, 2000)).toBeLessThan(0.5);
  });

  it('weighs a ratio by its denominator', () => {
    const series = { numerator: [2, 30, 2, 30, 2, 30, 2, 30], denominator: [1, 10, 1, 10, 1, 10, 1, 10] };
    expect(fromBatches(series, 0.95).value).toBeCloseTo(128 / 44, 12);
  });

  it('is unknown from fewer than eight batches, and of no width where nothing varies', () => {
    expect(fromBatches(meanOf([1, 2, 3]), 0.95)).toMatchObject({ low: -Infinity, high: Infinity });
    expect(fromBatches(meanOf(Array<number>(100).fill(7)), 0.95)).toMatchObject({
      value: 7,
      low: 7,
      high: 7,
    });
  });

  it('is wider where two batches hold all the variance there is than where all share it', () => {
    const few = Array.from({ length: 32 }, (_, i) => (i === 0 ? 1 : i === 16 ? -1 : 0));
    const all = few.map((_, i) => (i % 2 === 0 ? 0.25 : -0.25));
    const [wide, narrow] = [few, all].map((values) => {
      const { low, high } = fromRuns(meanOf(values), 0.95);
      return high - low;
    });
    expect(wide / narrow).toBeGreaterThan(1.3); // t of 4 degrees of freedom is 2.78, of 31 it is 2.04
  });

  it('reaches further to the side of a skew', () => {
    const random = stream(5, 'service');
    const skewed = Array.from({ length: 64 }, () => -Math.log(1 - random()));
    const { value, low, high } = fromRuns(meanOf(skewed), 0.95);
    expect(high - value).toBeGreaterThan(value - low);
  });
});

describe('MSER', () => {
  it('cuts off a start that is far from the rest, and little of a run without one', () => {
    const cuts = (from: number): number[] =>
      Array.from({ length: 50 }, (_, seed) => mser(remembering(0.9, 1000, seed, from)));
    const middle = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[25];
    expect(middle(cuts(100))).toBeGreaterThan(15); // 0.9^15 of 97 is 20, four times the spread
    expect(middle(cuts(100))).toBeLessThan(60);
    expect(middle(cuts(3))).toBeLessThan(30);
  });

  it('leaves a constant run whole, and passes over empty batches', () => {
    expect(mser([5, 5, 5, 5, 5, 5])).toBe(0);
    expect(mser([NaN, 90, 5, 5, NaN, 5, 5, 5, 5, 5])).toBe(2);
  });
});
