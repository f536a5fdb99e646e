/** The theory that the simulator is held against, against itself: published values, and one method against another. */
import { describe, expect, it } from 'vitest';
import { abandonment, birthDeath, erlangB, erlangC } from '../../../core/stats/theory/birth-death.ts';
import { meanInPhases } from '../../../core/stats/theory/modulated.ts';
import { meanResponse, responseQuantile, shortestQueue } from '../../../core/stats/theory/shortest-queue.ts';
import * as single from '../../../core/stats/theory/single.ts';
import { meanAt, waitOfNth } from '../../../core/stats/theory/transient.ts';

describe('queues that go up and down by one', () => {
  it('are Erlang’s tables', () => {
    expect(erlangB(5, 4)).toBeCloseTo(0.1990669, 6);
    expect(erlangB(10, 5)).toBeCloseTo(0.0183846, 6);
    expect(erlangC(2, 1.4)).toBeCloseTo(0.5764706, 6);
  });

  it('lose as many impatient clients as the balance of one server asks for: 1 - (1 - p(0)) μ / λ', () => {
    const idle = birthDeath(
      () => 0.9,
      (n) => 1 + (n - 1) * 0.25,
      500,
    ).states[0];
    expect(abandonment(0.9, 1, 1, 0.25)).toBeCloseTo(1 - (1 - idle) / 0.9, 10);
  });
});

describe('the shortest of d queues', () => {
  it('of one is M/M/1', () => {
    const joined = shortestQueue(1, 1, 0.5, 60);
    expect(meanResponse(joined, 1)).toBeCloseTo(2, 8);
    expect(responseQuantile(joined, 0.99, 1)).toBeCloseTo(2 * Math.log(100), 6);
  });

  it('is as many separate M/M/1 when one is looked at', () => {
    expect(meanResponse(shortestQueue(2, 1, 0.5, 40), 1)).toBeCloseTo(2, 6);
  });

  it('of two has an idle pair as often as the flow of work asks for, and is between M/M/1 and M/M/2', () => {
    const mean = meanResponse(shortestQueue(2, 2, 0.8, 60), 1);
    expect(mean).toBeGreaterThan(1 + single.waitOfMMc(1.6, 1, 2));
    expect(mean).toBeLessThan(5);
  });
});

describe('other queues', () => {
  it('with one rate in both phases are M/M/1', () => {
    expect(meanInPhases({ arrivals: [0.8, 0.8], service: [1, 1], change: [0.1, 0.3] })).toBeCloseTo(4, 8);
  });

  it('with Poisson gaps are M/M/1, by the transform', () => {
    expect(single.waitersOfGM1(single.erlangGap(0.8, 1), 1)).toBeCloseTo(0.8, 10);
    expect(single.waitersOfGM1((s) => Math.exp(-2 * s), 1)).toBeCloseTo(0.2031878, 6); // D/M/1 at 0.5
  });

  it('closed agree with the balance of births and deaths', () => {
    const { states, mean } = birthDeath(
      (n) => (7 - n) / 30,
      () => 0.2,
      7,
    );
    expect(single.responseOfClosed(7, 5, 30)).toBeCloseTo(mean / (0.2 * (1 - states[0])), 10);
  });

  it('with one choice of many are M/M/1, and with two far shorter', () => {
    expect(single.responseOfManyChoices(0.5, 2, 1)).toBeCloseTo(1 + 0.25 + 1 / 64 + 1 / 16384, 4);
  });
});

describe('M/M/1 from empty', () => {
  it('begins with nobody, and ends in the steady state', () => {
    expect(meanAt(1e-9, 0.5, 1)).toBeCloseTo(0, 6);
    expect(meanAt(200, 0.5, 1)).toBeCloseTo(1, 6);
  });

  it('lets the second wait for what is left: λ / (λ + μ) of a service', () => {
    expect(waitOfNth(2, 0.8, 1)).toBeCloseTo(0.8 / 1.8, 12);
    expect(waitOfNth(200, 0.5, 1)).toBeCloseTo(1, 5);
  });
});
