/** The histogram against an exact sort. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { histogram } from '../../../core/stats/histogram.ts';
import type { Histogram } from '../../../core/stats/histogram.ts';

const QUANTILES = [0, 0.001, 0.25, 0.5, 0.9, 0.95, 0.99, 0.999, 1];

function of(values: readonly number[]): Histogram {
  const recorded = histogram();
  for (const value of values) recorded.record(value);
  return recorded;
}

/** The least value that a share q of the values does not exceed. */
function exact(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(1, Math.ceil(q * values.length)) - 1];
}

/** Values in ms from a microsecond to a year. */
const anyTimes = fc.array(fc.oneof(fc.double({ min: 1e-3, max: 3e10, noNaN: true }), fc.nat(1000)), {
  minLength: 1,
  maxLength: 200,
});

describe('a histogram', () => {
  it('gives quantiles at most 0.1% above the exact ones, and never below', () => {
    fc.assert(
      fc.property(anyTimes, fc.constantFrom(...QUANTILES), (values, q) => {
        const [found, wanted] = [of(values).quantile(q), exact(values, q)];
        expect(found).toBeGreaterThanOrEqual(wanted);
        expect(found).toBeLessThanOrEqual(Math.max(wanted * 1.001, 1e-6));
      }),
      { numRuns: 500 },
    );
  });

  it('has exact count, mean and maximum', () => {
    fc.assert(
      fc.property(anyTimes, (values) => {
        const { count, mean, max } = of(values);
        expect(count).toBe(values.length);
        expect(max).toBe(Math.max(...values));
        expect(mean).toBe(values.reduce((a, b) => a + b) / values.length);
      }),
    );
  });

  it('is NaN when empty, and knows one value and zeros exactly', () => {
    const empty = histogram();
    expect([empty.count, empty.mean, empty.max, empty.quantile(0.5)]).toEqual([0, NaN, NaN, NaN]);
    expect(QUANTILES.map((q) => of([5]).quantile(q))).toEqual(QUANTILES.map(() => 5));
    expect(of([0, 0, 0]).quantile(0.5)).toBe(0);
  });

  it('survives values outside of its range', () => {
    expect(of([1e-12, 1]).quantile(0.5)).toBeLessThan(1e-5);
    expect(of([1e300, 1]).quantile(1)).toBeGreaterThan(1e13);
  });
});
