/** Crowds are counted by how a queue forgets: by load, by bursts, and by what bounds it. */
import { describe, expect, it } from 'vitest';
import { stream } from '../../../core/random/stream.ts';
import { crowdsIn, surer } from '../../../core/stats/crowds.ts';
import type { Arrived, Queue } from '../../../core/stats/crowds.ts';

const BATCHES = 2000;
const SIZE = 10;
const REQUESTS = BATCHES * SIZE;

/** Batches of ten requests with exponential gaps of `pace` ms on average, which changes between batches. */
function arrived(pace: (batch: number) => number): Arrived {
  const random = stream(7, 'arrivals');
  const spans = Array.from({ length: BATCHES }, (_, batch) => {
    let span = 0;
    for (let i = 0; i < SIZE; i++) span -= pace(batch) * Math.log(1 - random());
    return span;
  });
  return { requests: spans.map(() => SIZE), spans };
}

const poisson = arrived(() => 5);
const queue = (given: Partial<Queue>): Queue => ({
  load: 0.9,
  variation: 1,
  places: 1e9,
  resetsAMs: 0,
  ...given,
});

describe('crowds', () => {
  it('of an M/M/1 are a share (1 - ρ)² of its requests', () => {
    for (const load of [0.5, 0.9]) {
      const share = crowdsIn(poisson, queue({ load })) / REQUESTS / ((1 - load) * (1 - load));
      expect(Math.abs(share - 1)).toBeLessThan(0.3); // the variance of arrivals, half of it all, comes from 64 stretches
    }
  });

  it('are fewer where services vary more or requests come in bursts', () => {
    const calm = crowdsIn(poisson, queue({}));
    expect(crowdsIn(poisson, queue({ variation: 9 }))).toBeLessThan(calm / 3);
    const bursts = arrived((batch) => (batch % 40 < 20 ? 2 : 8));
    expect(crowdsIn(bursts, queue({}))).toBeLessThan(calm / 3);
  });

  it('are more where a bound ends them, even under overload', () => {
    expect(crowdsIn(poisson, queue({ load: 1 }))).toBeLessThan(1e-6);
    expect(crowdsIn(poisson, queue({ load: 1, places: 10 }))).toBeGreaterThan(REQUESTS / 10);
    const lastsMs = REQUESTS * 5;
    expect(crowdsIn(poisson, queue({ load: 1.2, resetsAMs: 1 / 1000 }))).toBeGreaterThan(lastsMs / 1000);
  });
});

describe('crowds that nothing tells apart', () => {
  it.each([
    ['all at once', { requests: [5, 5], spans: [0, 0] }, 0.5],
    ['equal gaps and services', { requests: [5, 5], spans: [50, 50] }, 0.5],
    ['equal gaps and services at capacity', { requests: [5, 5], spans: [50, 50] }, 1],
  ])('are a number all the same: %s', (_, given, load) => {
    expect(crowdsIn(given, queue({ load, variation: 0 }))).not.toBeNaN();
  });
});

describe('a confidence', () => {
  it('is asked to be higher of few crowds, and as it is of many', () => {
    expect(surer(0.95, 10)).toBeCloseTo(0.975, 12);
    expect(surer(0.95, 1e6)).toBeCloseTo(0.95, 5);
    expect(surer(0.95, Infinity)).toBe(0.95);
  });
});
