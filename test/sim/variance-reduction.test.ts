/** What is known beforehand narrows intervals, and leaves values right: control variates and antithetic pairs. */
import { describe, expect, it } from 'vitest';
import { InputError } from '../../core/input-error.ts';
import { recordedArrivals } from '../../core/random/recorded.ts';
import { stream } from '../../core/random/stream.ts';
import { scenario } from '../../core/scenario.ts';
import type { Scenario } from '../../core/scenario.ts';
import { birthDeath, erlangC } from '../../core/stats/theory/birth-death.ts';
import { meanResponse, shortestQueue } from '../../core/stats/theory/shortest-queue.ts';
import { tables } from '../../core/tables.ts';
import { meansOfBacklog } from '../../sim/controls.ts';
import { simulate } from '../../sim/run.ts';
import { half, meanOf, run } from './half.ts';

describe('variance reduction', () => {
  it('by known means divides the variance of a mean, and leaves its value right', () => {
    const { measures, steady } = run({ requests: 100_000, control: 'yes', confidence: 0.999 });
    expect(steady?.gain?.responseMeanMs).toBeGreaterThan(1.3);
    expect(measures?.responseMeanMs.low).toBeLessThan(10);
    expect(measures?.responseMeanMs.high).toBeGreaterThan(10);
  });

  it.each<Partial<Scenario>>([
    { speeds: '1:2' },
    { hedge: '20ms' },
    { ramp: 20_000, failAt: '', mtbf: 'exponential(60000)', mttr: 'exponential(500)', breakdown: 'resume' },
    { slowAt: '10s/20s:S1x1.5', runs: 20, requests: 10_000 },
    { discipline: 'ps' },
    { network: 'exponential(2)' },
    { workers: 2 },
  ])('by known means leaves a mean right with %o', (given) => {
    const fleet = { replicas: 2, policy: 'round-robin', arrivals: 'poisson(240)', requests: 100_000 };
    const [plain, reduced] = (['no', 'yes'] as const).map((control) =>
      meanOf(run({ ...fleet, confidence: 0.999, ...given, control })),
    );
    expect(reduced.value).toBeGreaterThan(plain.low);
    expect(reduced.value).toBeLessThan(plain.high);
  });

  it.each([
    [2, 'least-request', 0.9, 130],
    [3, 'power-of-d(2)', 0.8, 40],
  ])(
    'by the work before each arrival does so many times over in a fleet of %i under %s',
    (replicas, policy, load, longest) => {
      const fleet = { replicas, policy, arrivals: `poisson(${load * 200 * replicas})`, requests: 100_000 };
      const { measures, steady } = run({ ...fleet, confidence: 0.999 });
      const truth = meanResponse(shortestQueue(replicas, 2, load, longest), 5);
      expect(steady?.gain?.responseMeanMs).toBeGreaterThan(10);
      expect(measures?.responseMeanMs.low).toBeLessThan(truth);
      expect(measures?.responseMeanMs.high).toBeGreaterThan(truth);
    },
  );

  describe('corrects nothing', () => {
    const gap = stream(5, 'arrivals');
    let now = 0;
    const times = Array.from(
      { length: 20_000 },
      (_, i) => (now -= Math.log(1 - gap()) * (i < 10_000 ? 9 : 12)),
    );
    const recorded = { ...tables, arrivals: tables.arrivals.with(recordedArrivals('times.txt', times)) };

    it.each<[string, Partial<Scenario>]>([
      ['of an overloaded fleet', { arrivals: 'poisson(250)', queue: 100_000, overload: 'allow' }],
      ['after a failure at a set time', { replicas: 2, failAt: '3s:S1' }],
      ['by gaps that were recorded', { arrivals: 'times.txt', requests: 10_000 }],
    ])('%s', (_, given) => {
      const [plain, reduced] = ['no', 'yes'].map((control) => {
        const s = scenario({ ...half, policy: 'random', requests: 20_000, ...given, control }, recorded);
        return simulate(s, recorded).summary.measures;
      });
      expect(reduced).toEqual(plain);
    });
  });

  it('takes no backlog for known that has hardly begun', () => {
    const fleet = { replicas: 2, policy: 'least-request', arrivals: 'poisson(360)', requests: 30, runs: 400 };
    const [plain, reduced] = (['no', 'yes'] as const).map((control) =>
      meanOf(run({ ...fleet, warmup: 'none', control })),
    );
    expect(reduced.value).toBeGreaterThan(plain.low); // in the long run it is twice as long
    expect(reduced.value).toBeLessThan(plain.high);
  });

  describe('at a load of 0.95, of which 30,000 requests hold 75 crowds,', () => {
    /** Of 60 intervals, those that hold the truth; 57 are to. */
    const held = (given: Partial<Scenario>, name: string, truth: number): number =>
      Array.from({ length: 60 }, (_, seed) => {
        const { measures } = run({ requests: 30_000, ...given, seed: seed + 1 });
        const { low, high } = measures?.[name] as { low: number; high: number };
        return low <= truth && truth <= high;
      }).filter(Boolean).length;

    it('holds a median as often as is promised', () => {
      // Of M/M/8 a share C waits, longer than t with e^-0.08t; with backlogs 48 of 60 were held, the others all too high.
      const median = Math.log(2 * erlangC(8, 7.6)) / 0.08;
      expect(held({ workers: 8, arrivals: 'poisson(1520)' }, 'waitP50Ms', median)).toBeGreaterThan(54);
    }, 60_000);

    it('holds a mean as often where some are rejected', () => {
      // M/M/3 with 40 places to wait, of which backlogs know nothing: 52 of 60.
      const { states, mean } = birthDeath(
        () => 0.57,
        (n) => Math.min(n, 3) / 5,
        43,
      );
      const responseMs = mean / (0.57 * (1 - states[43]));
      const given = { workers: 3, arrivals: 'poisson(570)', queue: 40 };
      expect(held(given, 'responseMeanMs', responseMs)).toBeGreaterThan(54);
    }, 60_000);
  });

  it.each([
    ['pareto(5,4)', 0],
    ['pareto(5,6)', 1],
    ['pareto(5,6.1)', 2],
    ['lognormal(5,2)', 1],
    ['exponential(5)', 2],
  ])('knows as many means of backlogs under %s as have a variance', (service, known) => {
    // By the squares under pareto(5,3.3) the 90th percentile of 200,000 requests was held by 42 of 80 intervals.
    expect(meansOfBacklog(scenario({ service, policy: 'least-request' }), tables)).toHaveLength(known);
  });

  it('by antithetic pairs does so too, and needs pairs', () => {
    expect(run({ runs: 60, antithetic: 'yes', warmup: 'none' }).steady?.gain?.responseMeanMs).toBeGreaterThan(
      1,
    );
    expect(() => scenario({ runs: 5, antithetic: 'yes' })).toThrow(InputError);
  });
});
