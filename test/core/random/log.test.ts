/** The table's logarithm against Math.log. */
import { describe, expect, it } from 'vitest';
import { minusLogOf1Minus } from '../../../core/random/log.ts';
import { stream } from '../../../core/random/stream.ts';

describe('-ln(1 - u)', () => {
  it('is that of Math.log to 4e-16, or of its value, from 0 to the last number below 1', () => {
    const random = stream(1, 'service');
    const last = 1 - 1 / 9_007_199_254_740_992;
    const us = [0, last, 15 / 16, 1 - 1 / 256, ...Array.from({ length: 200_000 }, () => random())];
    // Close to 1 all powers of 2 have their turn.
    for (let u = 0.5; u < 1; u += (1 - u) / 50 + 1e-16) us.push(u);
    let worst = 0;
    for (const u of us) {
      const exact = -Math.log(1 - u);
      worst = Math.max(worst, Math.abs(minusLogOf1Minus(u) - exact) / Math.max(1, exact));
    }
    expect(worst).toBeLessThan(4e-16);
  });

  it('is 0 at 0, never negative, and rises with u', () => {
    expect(minusLogOf1Minus(0)).toBe(0);
    let before = 0;
    let falls = 0;
    for (let i = 0; i <= 100_000; i++) {
      const value = minusLogOf1Minus(i / 100_001);
      if (value < before) falls++;
      before = value;
    }
    expect(falls).toBe(0);
  });

  it('does not fall from one multiple of 2^-53 to the next where cells meet', () => {
    const step = 1 / 9_007_199_254_740_992;
    let falls = 0;
    for (let octave = 0.5; octave > 1e-6; octave /= 2) {
      for (let cell = 0; cell < 256; cell++) {
        const edge = octave * (1 + (cell + 0.5) / 256);
        const values = [2, 1, 0, -1, -2].map((steps) => minusLogOf1Minus(1 - (edge + steps * step)));
        falls += values.filter((value, i) => value < (values[i - 1] ?? 0)).length;
      }
    }
    expect(falls).toBe(0);
  });

  it('keeps all digits of small values', () => {
    for (let u = 1 / 2048; u > 1e-12; u /= 3) {
      const exact = Math.floor(u * 2 ** 53) / 2 ** 53;
      expect(minusLogOf1Minus(exact) / -Math.log1p(-exact)).toBeCloseTo(1, 14);
    }
  });
});
