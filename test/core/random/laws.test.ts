/**
 * Arrival gaps, service times and keys against the laws they are named by.
 *
 * A sample mean of n values may stray 5 standard errors (σ/√n) from the law's mean: one false alarm in 1.7 million.
 */
import { describe, expect, it } from 'vitest';
import { FIRST_ID, IDS } from '../../../core/random/ids.ts';
import { measured } from '../../../core/random/service/measured.ts';
import { stream } from '../../../core/random/stream.ts';
import { tables } from '../../../core/tables.ts';
import type { Key, Moments, Sampler } from '../../../core/types.ts';
import { chiSquare, chiSquareLimit, estimate } from '../../statistics.ts';

const N = 100_000;

function sampled(sampler: Sampler, n = N): number[] {
  const random = stream(42, 'service');
  return Array.from({ length: n }, () => sampler(random));
}

function service(spec: string): Sampler {
  const { entry, args } = tables.services.choose(spec);
  return entry.make(args);
}

function keysOf(spec: string, n: number): number[] {
  const { entry, args } = tables.keys.choose(spec);
  const sampler: Sampler<Key> = entry.make(args)();
  const random = stream(42, 'keys');
  return Array.from({ length: n }, () => Number(sampler(random)));
}

/** The sum of 1/r^s over ranks. */
function mass(from: number, to: number, s: number): number {
  let sum = 0;
  for (let rank = from; rank < to; rank++) sum += Math.exp(-s * Math.log(rank));
  return sum;
}

describe('service times', () => {
  it.each([
    ['exponential(5)', 5, 1],
    ['lognormal(5,1)', 5, 1],
    ['lognormal(20,0.2)', 20, 0.2],
    ['pareto(5,4.5)', 5, 1 / Math.sqrt(4.5 * 2.5)],
  ])('of %s have mean %d and coefficient of variation %d', (spec, mean, variation) => {
    const values = sampled(service(spec));
    const found = estimate(values);
    expect(Math.abs(found.mean - mean)).toBeLessThan((5 * mean * variation) / Math.sqrt(N));
    // The sample's own spread converges slowly where the tail is heavy (pareto 4.5 has no fifth moment): 10%.
    expect((found.error * Math.sqrt(N)) / found.mean / variation).toBeCloseTo(1, 0.7);
    expect(Math.min(...values.slice(0, 1000))).toBeGreaterThan(0);
  });

  it('of pareto follow its distribution function, also where the variance is infinite', () => {
    const [mean, shape] = [5, 1.5];
    const least = (mean * (shape - 1)) / shape;
    const values = sampled(service(`pareto(${mean},${shape})`));
    const tail = (x: number): number => (least / x) ** shape;
    const edges = [least, least * 1.2, least * 2, least * 5, least * 50, Infinity];
    const shares = edges.slice(1).map((edge, i) => tail(edges[i]) - tail(edge));
    const counts = edges.slice(1).map((to, i) => values.filter((x) => x >= edges[i] && x < to).length);
    expect(counts.reduce((a, b) => a + b)).toBe(N);
    expect(chiSquare(counts, shares)).toBeLessThan(chiSquareLimit(4));
  });

  it('of exponential follow their distribution function', () => {
    const counts = Array.from({ length: 10 }, () => 0);
    for (const x of sampled(service('exponential(3)'))) counts[Math.floor(10 * (1 - Math.exp(-x / 3)))]++;
    expect(chiSquare(counts, Array<number>(10).fill(0.1))).toBeLessThan(chiSquareLimit(9));
  });

  it('of constant, and of lognormal without variation, are the mean every time', () => {
    expect(new Set(sampled(service('constant(7)'), 100))).toEqual(new Set([7]));
    for (const x of sampled(service('lognormal(7,0)'), 100)) expect(x).toBeCloseTo(7, 12);
  });
});

describe('the moments that a law states', () => {
  const specs = [
    'constant(7)',
    'exponential(5)',
    'erlang(5,3)',
    'erlang(5,40)',
    'hyperexponential(5,1.5)',
    'lognormal(5,0.6)',
    'pareto(5,8)',
    'bounded-pareto(5,1,20)',
    'bounded-pareto(5,2,10)',
    'bounded-pareto(5,1.5,50)',
    'uniform(5,0.4)',
    'weibull(5,0.8)',
    'weibull(5,3)',
    'gamma(5,0.3)',
    'gamma(5,1)',
    'gamma(5,1.6)',
  ];

  it.each(specs)('of %s are those of its samples', (spec) => {
    const { entry, args } = tables.services.choose(spec);
    const values = sampled(entry.make(args));
    const { mean, second, third } = entry.moments(args);
    expect(mean).toBe(args[0]);
    for (const [power, stated] of [mean, second, third].entries()) {
      const found = estimate(values.map((x) => [x, x * x, x * x * x][power]));
      expect(Math.abs(found.mean - stated)).toBeLessThanOrEqual(5 * found.error + 1e-9 * stated);
      expect(found.error, 'the samples say something').toBeLessThan(0.05 * stated);
    }
  });

  it('are stated for every law, and grow as Cauchy and Schwarz ask: E[X]² ≤ E[X²], E[X²]² ≤ E[X] E[X³]', () => {
    for (const entry of tables.services.entries) {
      const { mean, second, third } = entry.moments(tables.services.choose(entry.name).args);
      expect(second / (mean * mean)).toBeGreaterThan(1 - 1e-12);
      expect((mean * third) / (second * second)).toBeGreaterThan(1 - 1e-12);
    }
  });

  it('are infinite where they do not exist', () => {
    const moments = (args: number[]): Moments => tables.services.choose('pareto').entry.moments(args);
    expect(moments([5, 2]).second).toBe(Infinity);
    expect(moments([5, 3]).third).toBe(Infinity);
    expect(moments([5, 3.1]).third).toBeLessThan(Infinity);
  });

  it('of measured times are those of the file', () => {
    const law = measured('times', [1, 2, 6]);
    expect(law.moments([])).toEqual({ mean: 3, second: 41 / 3, third: 75 });
    expect(new Set(sampled(law.make([]), 1000))).toEqual(new Set([1, 2, 6]));
  });
});

describe('arrivals', () => {
  const gaps = (spec: string): Sampler => {
    const { entry, args } = tables.arrivals.choose(spec);
    const arrivals = entry.make(args);
    return arrivals.kind === 'open' ? arrivals.gapMs : () => NaN;
  };

  it('of poisson come at the rate, with gaps as variable as their mean', () => {
    const { mean, error } = estimate(sampled(gaps('poisson(200)')));
    expect(Math.abs(mean - 5)).toBeLessThan((5 * 5) / Math.sqrt(N));
    expect((error * Math.sqrt(N)) / mean).toBeCloseTo(1, 1);
  });

  it('of mmpp come at the rate of the two, by their sojourns', () => {
    const { entry, args } = tables.arrivals.choose('mmpp(500,50,100,200)');
    const arrivals = entry.make(args);
    expect(arrivals).toMatchObject({ perSecond: 200 });
    // Blocks of 1,000 gaps are five seconds, 17 bursts, so that their means are nearly independent.
    const all = sampled(gaps('mmpp(500,50,100,200)'), 200_000);
    const blocks = Array.from({ length: 200 }, (_, i) => estimate(all.slice(i * 1000, i * 1000 + 1000)).mean);
    const { mean, error } = estimate(blocks);
    expect(Math.abs(mean - 5)).toBeLessThan(5 * error);
    expect(error).toBeLessThan(0.15);
  });

  it('of mmpp with a silent state are a renewal process whose gaps have the variation of Kuczura’s (1973)', () => {
    // On for 20 ms in the mean at 1 a ms, off for 60: c² = 1 + 2 λ ω / (ω + α)², ω the rate off, α the rate on.
    const all = sampled(gaps('mmpp(0,1000,60,20)'), 200_000);
    const { mean, error } = estimate(all);
    const [off, on] = [1 / 20, 1 / 60];
    const squared = 1 + (2 * off) / ((off + on) * (off + on));
    expect(mean / 4).toBeCloseTo(1, 1);
    expect((error * error * all.length) / (mean * mean) / squared).toBeCloseTo(1, 1);
  });

  it.each([
    ['closed(3,20)', 0],
    ['closed(3,20,1)', 1],
    ['closed(3,20,0.5)', 0.5],
  ])('of %s think 20 ms with a coefficient of variation of %d', (spec, cv) => {
    const { entry, args } = tables.arrivals.choose(spec);
    const arrivals = entry.make(args);
    const { mean, error } = estimate(sampled(arrivals.kind === 'closed' ? arrivals.thinkMs : () => NaN));
    expect(mean / 20).toBeCloseTo(1, 1);
    expect((error * Math.sqrt(N)) / mean).toBeCloseTo(cv, 1);
  });

  it('of constant come at equal gaps', () => {
    expect(new Set(sampled(gaps('constant(400)'), 10))).toEqual(new Set([2.5]));
  });
});

describe('keys', () => {
  it('of uniform are 6-digit ids, each with the same chance (LAB 2.2)', () => {
    const keys = keysOf('uniform', N);
    const tenths = Array.from({ length: 10 }, () => 0);
    for (const key of keys) tenths[Math.floor((key - FIRST_ID) / (IDS / 10))]++;
    expect(keys.every((key) => Number.isInteger(key) && key >= 100_000 && key <= 999_999)).toBe(true);
    expect(chiSquare(tenths, Array<number>(10).fill(0.1))).toBeLessThan(chiSquareLimit(9));
    expect(new Set(keysOf('uniform(7,9)', 1000))).toEqual(new Set([7, 8, 9]));
    expect(() => keysOf('uniform(9,7)', 1)).toThrow('write uniform(7,9)');
    expect(new Set(keysOf('uniform(7,7)', 10))).toEqual(new Set([7]));
  });

  it('of sequential count up, and afresh in each run', () => {
    expect(keysOf('sequential', 3)).toEqual([100_000, 100_001, 100_002]);
    expect(keysOf('sequential(0)', 3)).toEqual([0, 1, 2]);
  });

  it.each([0, 0.3, 1])('of hot give one id a share of %d', (share) => {
    const hot = keysOf(`hot(${share},7)`, N).filter((key) => key === 7).length / N;
    expect(Math.abs(hot - share)).toBeLessThanOrEqual(5 * Math.sqrt((share * (1 - share)) / N));
  });

  const zipfs = [0, 0.5, 0.999999999, 1, 1.5, 2].flatMap((s) => [1, 2, 10, 1e6].map((n) => [s, n] as const));
  it.each(zipfs)('of zipf(%d, %d) have chances in proportion to 1/r^s, from head to tail', (s, n) => {
    const ranks = keysOf(`zipf(${s},${n},1)`, N);
    expect(ranks.every((rank) => Number.isInteger(rank) && rank >= 1 && rank <= n)).toBe(true);
    // One cell for each of the first ten ranks, then one a decade; cells that expect fewer than 5 have no say.
    const edges = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 100, 1000, 1e4, 1e5]
      .filter((edge) => edge <= n)
      .concat(n + 1);
    const masses = edges.slice(1).map((to, i) => mass(edges[i], to, s));
    const total = masses.reduce((a, b) => a + b);
    const cells = masses.map((m, i) => ({ wanted: (N * m) / total, from: edges[i], to: edges[i + 1] }));
    const heavy = cells.filter(({ wanted }) => wanted >= 5);
    const statistic = heavy.reduce((sum, { wanted, from, to }) => {
      const found = ranks.filter((rank) => rank >= from && rank < to).length;
      return sum + (found - wanted) ** 2 / wanted;
    }, 0);
    expect(statistic).toBeLessThan(chiSquareLimit(heavy.length));
  });

  it('of zipf work at the ends of their ranges', () => {
    for (const spec of [
      'zipf(20,1000000000000,0)',
      'zipf(0,1000000000000,1000000000000000)',
      'zipf(1,1,0)',
    ]) {
      expect(keysOf(spec, 1000).every(Number.isSafeInteger)).toBe(true);
    }
  });
});
