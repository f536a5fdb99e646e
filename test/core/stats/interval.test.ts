/** Confidence intervals hold the mean as often as they say. */
import { describe, expect, it } from 'vitest';
import { normal } from '../../../core/random/draw.ts';
import { stream } from '../../../core/random/stream.ts';
import { interval95 } from '../../../core/stats/interval.ts';

describe('a 95% interval', () => {
  it('is that of the textbook for five values', () => {
    const { mean, half } = interval95([1, 2, 3, 4, 5]);
    expect(mean).toBe(3);
    expect(half).toBeCloseTo((2.776 * Math.sqrt(2.5)) / Math.sqrt(5), 3);
  });

  it('knows nothing from one value', () => {
    expect(interval95([7])).toEqual({ mean: 7, half: Infinity });
  });

  /** Of 2,000 intervals 95% should hold 0; four standard deviations of that share are 2%. */
  it.each([2, 5, 40])('holds the true mean 95 times in 100, from %i values', (n) => {
    const random = stream(7, 'service');
    const holds = Array.from({ length: 2000 }, () => {
      const { mean, half } = interval95(Array.from({ length: n }, () => normal(random)));
      return Math.abs(mean) <= half;
    });
    expect(Math.abs(holds.filter(Boolean).length / 2000 - 0.95)).toBeLessThan(0.02);
  });
});
