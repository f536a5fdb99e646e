/** How long a first byte is waited for: by what this fleet takes, so that a slow service is no broken one. */
import { describe, expect, test } from 'vitest';
import { Latency } from '../../../live/gateway/latency.ts';
import { Pace } from '../../../live/gateway/pace.ts';

describe('first-byte times', () => {
  test('quantiles are within one bucket of the truth, and never below it', () => {
    const latency = new Latency();
    for (let ms = 1; ms <= 1000; ms++) latency.observe(ms);
    for (const q of [0.01, 0.5, 0.9, 0.99, 1]) {
      expect(latency.quantile(q) / (q * 1000)).toBeGreaterThanOrEqual(1);
      expect(latency.quantile(q) / (q * 1000)).toBeLessThan(2 ** (1 / 8) + 1e-9);
    }
    expect(new Latency().quantile(0.5)).toBeNaN();
  });

  test('what was long ago fades', () => {
    const latency = new Latency();
    for (let i = 0; i < 5000; i++) latency.observe(5);
    for (let i = 0; i < 20_000; i++) latency.observe(200);
    expect(latency.quantile(0.05)).toBeGreaterThan(199);
  });
});

describe('the wait for a try', () => {
  const pace = (
    tryTimeout: 'auto' | number,
    times: readonly number[][],
    hedge: number | { quantile: number } = 0,
  ) => {
    const made = new Pace({ tryTimeout, hedge }, () => true);
    for (const [handle, ofReplica] of times.entries())
      for (const ms of ofReplica) made.observe(handle, ms, 0);
    return made;
  };
  const many = (ms: number): number[] => Array.from({ length: 200 }, () => ms);

  test('there is none before anything is known', () => {
    expect(pace('auto', []).tryMs(0)).toBe(0);
    expect(pace('auto', [[5], [5]]).tryMs(0)).toBe(0);
  });

  test('a hundred answers of all replicas together are enough where no one has so many', () => {
    const some = (ms: number, n: number): number[] => Array.from({ length: n }, () => ms);
    expect(pace('auto', [some(5, 33), some(5, 33), some(5, 33)]).tryMs(0)).toBe(0);
    expect(pace('auto', [some(5, 33), some(5, 33), some(40, 34)]).tryMs(0)).toBeGreaterThanOrEqual(80);
    expect(pace('auto', [some(5, 100), some(40, 34)]).tryMs(0)).toBeLessThan(30);
  });

  test('it is 25 ms among quick replicas, and follows a slow service', () => {
    const quick = pace('auto', [many(5), many(5), many(5)]).tryMs(0);
    expect(quick).toBeGreaterThanOrEqual(25);
    expect(quick).toBeLessThan(30);
    const slow = pace('auto', [many(400), many(400), many(400)]).tryMs(0);
    expect(slow).toBeGreaterThanOrEqual(800);
    expect(slow).toBeLessThan(1200);
  });

  test('one slow replica among three does not lengthen it; of two, the slower one is the measure', () => {
    expect(pace('auto', [many(5), many(5), many(300)]).tryMs(0)).toBeLessThan(30);
    expect(pace('auto', [many(5), many(300)]).tryMs(0)).toBeGreaterThan(600);
  });

  test('it can be fixed or off, and turned while it runs', () => {
    const made = pace(80, [many(5)]);
    expect(made.tryMs(0)).toBe(80);
    made.turn({ tryTimeout: 0, hedge: { quantile: 0.95 } });
    expect(made.tryMs(1)).toBe(0);
    expect(made.hedgeMs(1)).toBeGreaterThanOrEqual(5);
    expect(made.hedgeMs(1)).toBeLessThan(8);
  });

  test('a replica that is gone counts no more', () => {
    const there = new Set([0, 1, 2]);
    const made = new Pace({ tryTimeout: 'auto', hedge: 0 }, (handle) => there.has(handle));
    for (const handle of there) for (const ms of many(handle === 0 ? 5 : 300)) made.observe(handle, ms, 0);
    expect(made.tryMs(0)).toBeGreaterThan(600);
    there.delete(1);
    there.delete(2);
    expect(made.tryMs(1000)).toBeLessThan(30);
  });

  test('a replica that answers others is not given up for one that takes long', () => {
    const made = pace(80, [many(5), many(5)]);
    expect(made.tryMs(0)).toBe(80);
    made.observe(0, 5, 1000);
    expect(made.isAlive(0, 1039)).toBe(true);
    expect(made.isAlive(0, 1041)).toBe(false);
    expect(made.isAlive(7, 1000)).toBe(false);
  });
});
