/** A share of which nothing was seen: as high as the truth may be, and no interval of any other figure is touched. */
import { describe, expect, it } from 'vitest';
import { scenario } from '../../../core/scenario.ts';
import { unseen } from '../../../core/stats/unseen.ts';
import { simulate } from '../../../sim/run.ts';

const flat = (value: number): Parameters<typeof unseen>[0] => ({
  value,
  low: value,
  high: value,
  batches: 8,
});

describe('a share that was', () => {
  it('0 in all trials may be as high as makes that as rare as half of what intervals miss', () => {
    const { low, high } = unseen(flat(0), 100, 0.95);
    expect(low).toBe(0);
    expect(Math.pow(1 - high, 100)).toBeCloseTo(0.025, 12);
    expect(unseen(flat(0), 1e6, 0.95).high * 1e6).toBeCloseTo(Math.log(40), 4);
  });

  it('1 in all trials is as much below 1', () => {
    const { low, high } = unseen(flat(1), 100, 0.95);
    expect(high).toBe(1);
    expect(1 - low).toBeCloseTo(unseen(flat(0), 100, 0.95).high, 12);
  });

  it('something between, or varied, keeps its interval', () => {
    for (const estimate of [flat(0.5), { ...flat(0), high: 0.1 }, { ...flat(1), low: 0.9 }]) {
      expect(unseen(estimate, 100, 0.95)).toBe(estimate);
    }
  });
});

describe('requests that fail in one run of ten', () => {
  /** Of M/M/1 with so many places, theory gives a share (1 - ρ) ρᵏ / (1 - ρᵏ⁺¹). */
  const truth = (0.2 * Math.pow(0.8, 42)) / (1 - Math.pow(0.8, 43));
  const given = { replicas: 1, arrivals: 'poisson(160)', queue: 41, requests: 5000 };
  const shares = Array.from({ length: 60 }, (_, seed) => {
    const { measures } = simulate(scenario({ ...given, seed: seed + 1 })).summary;
    const { low, high } = measures?.failedShare ?? {};
    return { low: low ?? NaN, high: high ?? NaN };
  });

  it('have a share that is inside of the intervals of the others', () => {
    const held = shares.filter(({ low, high }) => low <= truth && truth <= high).length;
    expect(held).toBeGreaterThan(50);
  });

  it('are not said to be so few that the run could not have told', () => {
    for (const { high } of shares) expect(high).toBeGreaterThan(1 / given.requests);
  });
});

describe('a kind of failure that never happened', () => {
  const measured = (given: object): Record<string, unknown> =>
    simulate(scenario({ replicas: 2, arrivals: 'poisson(100)', requests: 2000, ...given })).summary
      .measures ?? {};

  it.each([
    ['timeoutShare', { timeout: 60_000 }],
    ['abandonedShare', { patience: 'constant(60000)' }],
    ['lostShare', { mtbf: 'exponential(1e9)' }],
    ['refusedShare', { mtbf: 'exponential(1e9)', runs: 5 }],
  ])('has a %s of 0 and what the run may have missed, where the scenario asks for it', (name, given) => {
    expect(measured(given)[name]).toMatchObject({ value: 0, low: 0 });
    expect(measured(given)[name]).toEqual(measured(given).failedShare);
    expect((measured(given)[name] as { high: number }).high).toBeGreaterThan(3 / 2000);
    expect(measured({})).not.toHaveProperty(name);
  });
});

describe('the fewer independent chances a run has', () => {
  const high = (given: object): number => {
    const base = { replicas: 1, arrivals: 'poisson(100)', queue: 1_000_000, requests: 5000, seed: 1 };
    const { measures } = simulate(scenario({ ...base, ...given })).summary;
    return measures?.failedShare.high ?? NaN;
  };

  it('the higher a share may be: busy queues and few breakdowns have fewer', () => {
    const calm = high({});
    expect(high({ arrivals: 'poisson(180)' })).toBeGreaterThan(5 * calm);
    expect(
      high({ mtbf: 'exponential(10000)', mttr: 'constant(1)', detect: 1e9, breakdown: 'resume' }),
    ).toBeGreaterThan(5 * calm);
  });

  it('a closed loop has one a round of its clients', () => {
    expect(high({ arrivals: 'closed(50,10,1)' })).toBeCloseTo(Math.log(40) / 100, 2);
  });
});
