/** Replications, precision, variance reduction and transients: what they promise of a run and of its random numbers. */
import { describe, expect, it } from 'vitest';
import { antitheticOf, seedsOf, stream } from '../../core/random/stream.ts';
import { scenario } from '../../core/scenario.ts';
import type { Scenario } from '../../core/scenario.ts';
import { tables } from '../../core/tables.ts';
import { differences } from '../../sim/paired.ts';
import type { Behind } from '../../sim/paired.ts';
import { refine } from '../../sim/precision.ts';
import { simulate } from '../../sim/run.ts';
import { half, meanOf, run } from './half.ts';

describe('seeds of a study', () => {
  it('begin with its own, and are not those of the next study', () => {
    const [a, b] = [42, 43].map((seed) => {
      const seeds = seedsOf(seed, false);
      return Array.from({ length: 100 }, () => seeds.next().value);
    });
    expect(a[0]).toBe(42);
    expect(new Set([...a, ...b]).size).toBe(200);
  });

  it('are antithetic in pairs: u and 1 - u, within [0, 1)', () => {
    const seeds = seedsOf(42, true);
    expect([seeds.next().value, seeds.next().value]).toEqual([42, antitheticOf(42)]);
    const [one, other] = [stream(42, 'service'), stream(antitheticOf(42), 'service')];
    for (let i = 0; i < 1000; i++) expect(one() + other()).toBeCloseTo(1, 15);
  });
});

describe('several runs', () => {
  it('give what each gives alone: the value is the mean of theirs', () => {
    const seeds = seedsOf(42, false);
    const alone = Array.from({ length: 4 }, () =>
      run({ seed: seeds.next().value, warmup: 'none', control: 'no' }),
    );
    const together = run({ runs: 4, warmup: 'none', control: 'no' });
    const sum = alone.reduce((total, summary) => total + meanOf(summary).value, 0);
    expect(meanOf(together).value).toBeCloseTo(sum / 4, 10);
    expect(together.responseMs).toEqual(alone[0].responseMs);
    expect(together.steady).toMatchObject({ method: 'replications', runs: 4, warmup: { requests: 0 } });
  });

  it('hold the truth, with one warm-up for all', () => {
    const { low, high } = meanOf(run({ runs: 40, confidence: 0.999 }));
    expect(low).toBeLessThan(10);
    expect(high).toBeGreaterThan(10);
  });

  it('give the times of the first requests, and the number in the system at set times', () => {
    const given = { ...half, runs: 100, requests: 60, warmup: 'none', first: 3, bucket: 50 };
    const { beginning } = simulate(scenario(given));
    expect(beginning?.inSystem[0]).toEqual({ atMs: 0, value: 0, low: 0, high: 0 });
    expect(beginning?.requests.map(({ request }) => request)).toEqual([1, 2, 3]);
    expect(beginning?.requests[0].waitMs.value).toBe(0);
    // The second waits for what is left of an exponential service after an exponential gap: 5 ms · 5 / (5 + 10).
    const { low, high } = beginning?.requests[1].waitMs ?? {};
    expect(low).toBeLessThan(5 / 3);
    expect(high).toBeGreaterThan(5 / 3);
  });
});

describe('--precision', () => {
  it('sends requests until the interval is as narrow, and gives what so many give', () => {
    const refined = run({ precision: 0.05 });
    const { value, low, high } = meanOf(refined);
    expect((high - low) / 2 / value).toBeLessThanOrEqual(0.05);
    expect(refined.requests).toBeGreaterThan(2000);
    expect(refined.measures).toEqual(run({ requests: refined.requests }).measures);
    expect(refined.steady?.precision).toMatch(/^responseMeanMs is within [\d.]+%$/);
  });

  it('says that it stopped, or that there is no interval', () => {
    const said = (given: Partial<Scenario>): string =>
      run({ precision: 0.001, overload: 'allow', ...given }).steady?.precision ?? '';
    expect(said({ most: 5000 })).toMatch(/after the 5,000 requests that --most allows, not 0.1%$/);
    expect(said({ arrivals: 'poisson(210)' })).toMatch(/has no interval/);
  });

  const tried = (given: Partial<Scenario>): number[] => {
    const requests: number[] = [];
    refine(scenario({ ...half, ...given }), (one, keep) => {
      requests.push(one.requests);
      return simulate(one, tables, undefined, keep);
    });
    return requests;
  };

  it('goes straight to as many requests as an interval takes, where there is none yet', () => {
    // A crowd comes every 400 requests at a load of 0.95; 3.5 of them are to pass a 99th percentile.
    const [first, second] = tried({ arrivals: 'poisson(190)', precision: 0.4, of: 'responseP99Ms' });
    expect([first, second]).toEqual([2000, 140_000]);
    const runs = { arrivals: 'poisson(190)', precision: 0.4, of: 'responseP99Ms', runs: 4 } as const;
    expect(tried(runs)[1]).toBe(35_000);
  });

  it('goes no further than the laws do, however wide the first intervals are', () => {
    // A mean of M/M/1 at 0.9 is within 5% after 4 z² / 0.05² crowds, of which one comes every 100 requests.
    const needed = (4 * 1.96 * 1.96 * 100) / (0.05 * 0.05);
    for (const seed of [1, 2, 3, 4]) {
      const requests = tried({ arrivals: 'poisson(180)', precision: 0.05, seed });
      requests.slice(1).forEach((next, look) => {
        expect(next).toBeLessThanOrEqual(Math.max(1.51 * needed, 2 * requests[look]));
      });
    }
  });

  it('goes four times as far at most where control variates may make the interval several times narrower', () => {
    const given = {
      replicas: 3,
      policy: 'least-request',
      arrivals: 'poisson(540)',
      of: 'responseP95Ms',
    } as const;
    const steps = (control: 'yes' | 'no'): number[] => {
      const requests = tried({ ...given, control, requests: 20_000, precision: 0.02, most: 5_000_000 });
      return requests.slice(1).map((next, look) => next / requests[look]);
    };
    expect(Math.max(...steps('yes'))).toBeLessThanOrEqual(4);
    expect(Math.max(...steps('no'))).toBeGreaterThan(8);
  });

  it('goes on where a bounded queue has not overflowed for long enough, and gives up where it never would', () => {
    // Of M/M/1 with 201 places at a load of 1.05, which take some 42,000 requests to fill ten times.
    const given = { arrivals: 'poisson(210)', queue: 200, precision: 0.1, overload: 'allow' } as const;
    const { steady, measures } = run(given);
    expect(steady?.precision).toMatch(/^responseMeanMs is within/);
    expect(measures?.failedShare.high).toBeGreaterThan(0.047);
    expect(run({ ...given, precision: 0 }).steady?.noInterval).toMatch(
      /; a run of about 42,000 requests has intervals$/,
    );
    expect(run({ ...given, most: 40_000 }).requests).toBe(2000);
  });
});

describe('fleetUtilisation', () => {
  it('of a fleet that grows is over the replicas that were there, not over those at the end', () => {
    const given = { policy: 'least-request', autoscale: 'in-flight', target: 1, scaleEvery: 20_000 } as const;
    const grown = { ...given, replicas: 2, scaleMin: 8, scaleMax: 8, start: 0, arrivals: 'poisson(200)' };
    // A look after 20 s makes 8 of 2, so there are 5 on average over 40 s, of which 200/s at 5 ms keep 1 busy.
    const { measures } = run({ ...grown, requests: 8000, warmup: 'none' });
    expect(measures?.fleetUtilisation.value).toBeGreaterThan(0.185);
    expect(measures?.fleetUtilisation.value).toBeLessThan(0.215);
  });
});

describe('a paired difference', () => {
  const behindOf = (given: Partial<Scenario>): Behind => {
    const kept: Behind[] = [];
    const fleet = { ...half, replicas: 4, arrivals: 'poisson(600)', requests: 40_000, ...given };
    simulate(
      scenario(fleet),
      tables,
      () => {},
      (behind) => void kept.push(behind),
    );
    return kept[0];
  };

  it('is that of the means, with an interval narrower than that of independent runs', () => {
    const [few, many] = [behindOf({ policy: 'power-of-d(2)' }), behindOf({ policy: 'least-request' })];
    const found = differences(few, many, 0.95).find(({ of }) => of === 'responseMeanMs');
    expect(found?.low).toBeGreaterThan(0); // the shortest of four is shorter than that of two
    expect(found?.gain).toBeGreaterThan(2);
  });

  it('of a scenario to itself is nothing', () => {
    const same = behindOf({ policy: 'random' });
    for (const { value, low, high } of differences(same, same, 0.95)) {
      expect([value, low, high]).toEqual([0, 0, 0]);
    }
  });
});
