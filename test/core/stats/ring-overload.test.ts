/** The law of the largest share of a ring, against closed forms, against sampled spacings and against real rings. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ring } from '../../../core/placement/ring.ts';
import { probings } from '../../../core/placement/probing.ts';
import { hashOf } from '../../../core/resolve.ts';
import { stream } from '../../../core/random/stream.ts';
import {
  largestShareAbove,
  logFactorial,
  overloadProbability,
  shareAbove,
  vnodesFor,
} from '../../../core/stats/ring-overload.ts';

/** P(longest of n spacings >= x), as Whitworth has it; it cancels badly for many spacings. */
function whitworth(n: number, x: number): number {
  let [sum, choose] = [0, 1];
  for (let j = 1; j <= n && j * x < 1; j++) {
    choose = (choose * (n - j + 1)) / j;
    sum += (j % 2 === 1 ? 1 : -1) * choose * (1 - j * x) ** (n - 1);
  }
  return sum;
}

/** The largest of n shares of k spacings each, of n k uniform points. */
function sampledLargest(n: number, k: number, random: () => number): number {
  let [total, most] = [0, 0];
  for (let i = 0; i < n; i++) {
    let share = 0;
    for (let j = 0; j < k; j++) share -= Math.log(1 - random());
    total += share;
    most = Math.max(most, share);
  }
  return most / total;
}

/** 4.9 standard errors: a false alarm once in a million. */
const tolerance = (p: number, n: number): number => 4.9 * Math.sqrt((p * (1 - p)) / n);

describe('the largest share of a ring', () => {
  it('with one virtual node each is the longest spacing', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 16 }),
        fc.double({ min: 0.02, max: 0.99, noNaN: true }),
        (n, x) => {
          const expected = x * n <= 1 ? 1 : whitworth(n, x);
          expect(Math.abs(largestShareAbove(n, 1, x) - expected)).toBeLessThan(1e-8);
        },
      ),
    );
  });

  it('of two replicas is a binomial tail', () => {
    // K = 2: the density of one share is 6 s (1 - s), so P(share >= x) = 1 - 3x² + 2x³.
    for (const x of [0.5, 0.6, 0.75, 0.99]) {
      expect(shareAbove(2, 2, x)).toBeCloseTo(1 - 3 * x * x + 2 * x * x * x, 12);
      expect(largestShareAbove(2, 2, x)).toBeCloseTo(2 * (1 - 3 * x * x + 2 * x * x * x), 12);
    }
  });

  it('is the same by each of its three ways where they meet', () => {
    for (const [n, k] of [
      [4, 1],
      [4, 9],
      [6, 3],
      [9, 5],
    ] as const)
      // prettier-ignore
      for (const x of [1 / 3, 0.5]) {
        const [below, above] = [largestShareAbove(n, k, x - 1e-9), largestShareAbove(n, k, x + 1e-9)];
        expect(Math.abs(below - above)).toBeLessThan(1e-7);
      }
  });

  it.each([
    [3, 2, 0.45],
    [3, 20, 0.4],
    [6, 9, 0.2],
    [6, 100, 0.19],
    [50, 30, 0.03],
  ])('of %i replicas with %i virtual nodes is what sampled spacings give at %f', (n, k, x) => {
    const random = stream(1, 'keys');
    const tries = 1500;
    let above = 0;
    for (let i = 0; i < tries; i++) if (sampledLargest(n, k, random) >= x) above++;
    const expected = largestShareAbove(n, k, x);
    expect(expected).toBeGreaterThan(0.01);
    expect(expected).toBeLessThan(0.99);
    expect(Math.abs(above / tries - expected)).toBeLessThan(tolerance(expected, tries));
  });

  it('falls as the share grows, for thousands of points too', () => {
    for (const [n, k] of [
      [1000, 100],
      [3, 5000],
    ] as const) {
      // prettier-ignore
      const chances = [1.01, 1.02, 1.05, 1.1, 1.4].map((times) => largestShareAbove(n, k, times / n));
      expect(chances).toEqual([...chances].sort((a, b) => b - a));
      expect(chances.every((p) => p >= 0 && p <= 1)).toBe(true);
    }
  });
});

describe('the chance that the hash overloads a replica', () => {
  it('is that of real rings of a good hash function', () => {
    const [fleets, n, vnodes, load] = [600, 6, 40, 0.8];
    const random = stream(2, 'keys');
    const hash = hashOf('murmur3');
    let overloaded = 0;
    for (let fleet = 0; fleet < fleets; fleet++) {
      const placement = ring({ slots: 1, vnodes, vnodeFrom: 0, probing: probings.linear, requestHash: hash, serverHash: hash }); // prettier-ignore
      for (let handle = 0; handle < n; handle++)
        placement.add({ handle, id: Math.floor(random() * 1e9), name: `S${handle}`, weight: 1 });
      if (Math.max(...(placement.shares() ?? new Map<number, number>()).values()) * n * load >= 1)
        overloaded++;
    }
    const expected = overloadProbability(n, vnodes, load);
    expect(expected).toBeGreaterThan(0.1);
    expect(Math.abs(overloaded / fleets - expected)).toBeLessThan(tolerance(expected, fleets));
  });

  it('is none without load, certain at full load, and none for a single replica below it', () => {
    expect(overloadProbability(6, 9, 0)).toBe(0);
    expect(overloadProbability(6, 9, 1)).toBe(1);
    expect(overloadProbability(1, 9, 0.99)).toBe(0);
  });

  it('gives the fewest virtual nodes that are safe', () => {
    for (const [n, load] of [
      [2, 0.9],
      [3, 0.8],
      [6, 0.8],
      [40, 0.7],
    ] as const) {
      // prettier-ignore
      const needed = vnodesFor(n, load, 0.99);
      expect(overloadProbability(n, needed, load)).toBeLessThanOrEqual(0.01);
      expect(overloadProbability(n, needed - 1, load)).toBeGreaterThan(0.01);
    }
    expect(vnodesFor(6, 1, 0.99)).toBe(Infinity);
    expect(vnodesFor(1, 0.99, 0.99)).toBe(1);
  });
});

describe('logFactorial', () => {
  it('agrees with the sum of logarithms on either side of where the series begins', () => {
    let sum = 0;
    for (let n = 1; n <= 400; n++) {
      sum += Math.log(n);
      expect(logFactorial(n)).toBeCloseTo(sum, 10);
    }
  });
});
