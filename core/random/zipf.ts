/** Zipf ranks by rejection-inversion: no table, a bounded number of tries (Hörmann and Derflinger 1996). */
import type { Sampler } from '../types.ts';
import { power } from './draw.ts';

/** (exp(x) - 1) / x and log(1 + x) / x, with their limit where x is too small to divide by. */
const expm1Ratio = (x: number): number => (Math.abs(x) > 1e-8 ? (Math.exp(x) - 1) / x : 1 + x / 2);
const log1pRatio = (x: number): number => (Math.abs(x) > 1e-8 ? Math.log1p(x) / x : 1 - x / 2);

/**
 * Draws ranks 1 to n with chances in proportion to 1 / rank^s. The hat is the integral of x^-s over unit intervals
 * centred at the ranks; a point under the hat but over the histogram is drawn again, at most about once in ten.
 */
export function zipfRank(n: number, s: number): Sampler {
  const density = (x: number): number => power(x, -s);
  const integral = (x: number): number => {
    const logX = Math.log(x);
    return expm1Ratio((1 - s) * logX) * logX;
  };
  const inverse = (area: number): number => {
    const t = Math.max(-1, area * (1 - s));
    return Math.exp(log1pRatio(t) * area);
  };
  const areaFirst = integral(1.5) - 1;
  const areaAll = integral(n + 0.5);
  const sureWidth = 2 - inverse(integral(2.5) - density(2));

  return (random) => {
    for (;;) {
      const area = areaAll + random() * (areaFirst - areaAll);
      const x = inverse(area);
      const rank = Math.min(n, Math.max(1, Math.floor(x + 0.5)));
      if (rank - x <= sureWidth || area >= integral(rank + 0.5) - density(rank)) return rank;
    }
  };
}
