/** A fleet that falls behind is busy all the time, and no more than that. */
import { describe, expect, it } from 'vitest';
import { scenario } from '../../core/scenario.ts';
import type { Scenario } from '../../core/scenario.ts';
import { simulate } from '../../sim/run.ts';

describe('the utilisation of a fleet', () => {
  it.each<Partial<Scenario>>([
    { arrivals: 'poisson(800)', policy: 'random', queue: 100_000, overload: 'allow' },
    { pauseAt: '5s/20s:S1', policy: 'random', arrivals: 'poisson(500)' },
    { hedge: '5ms', policy: 'random', arrivals: 'poisson(500)' },
    { arrivals: 'poisson(800)', policy: 'random', runs: 4, requests: 2000, overload: 'allow' },
  ])('is at most 1: %o', (given) => {
    const { measures } = simulate(scenario(given)).summary;
    expect(measures?.fleetUtilisation.value).toBe(1);
    expect(measures?.fleetUtilisation.high ?? 1).toBeLessThanOrEqual(1);
  });
});
