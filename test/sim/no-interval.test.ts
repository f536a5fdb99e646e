/** No interval where it would not hold: overload, heavy tails, changing fleets, and tails that hardly any crowd reaches. */
import { describe, expect, it } from 'vitest';
import type { Summary } from '../../core/result.ts';
import { scenario } from '../../core/scenario.ts';
import type { Scenario } from '../../core/scenario.ts';
import { simulate } from '../../sim/run.ts';

/** M/M/1 at a load of 0.5: a mean response of 10 ms. */
const half: Partial<Scenario> = { replicas: 1, arrivals: 'poisson(100)', queue: 1_000_000, requests: 2000 };
const run = (given: Partial<Scenario>): Summary => simulate(scenario({ ...half, ...given })).summary;

describe('a quantile that too few crowds reach', () => {
  const busy = { arrivals: 'poisson(190)', requests: 10_000 } as const;

  it('has no interval, and the run says how many requests it takes; the median has one', () => {
    const { measures, steady } = run(busy);
    for (const name of ['responseP99Ms', 'waitP99Ms']) {
      expect(measures?.[name]).toMatchObject({ low: null, high: null });
      expect(measures?.[name].value).toBeGreaterThan(0);
    }
    expect(measures?.responseP50Ms.high).toBeGreaterThan(measures?.responseP50Ms.low ?? Infinity);
    expect(steady?.noInterval).toMatch(/too few of the crowds .* p99 \(about \d+0,000 requests\)$/);
    expect(steady?.tooFew).toEqual(expect.arrayContaining(['responseP99Ms', 'waitP99Ms']));
  });

  it('has one after so many requests, and in as many independent runs', () => {
    expect(run({ ...busy, requests: 300_000 }).measures?.responseP99Ms.high).toBeGreaterThan(300);
    const many = { ...busy, requests: 20, runs: 500, warmup: 'none' };
    expect(run(many).measures?.responseP99Ms.high).toBeGreaterThan(0);
  });

  it('is what --precision sends more requests for', () => {
    const { measures, steady } = run({ ...busy, precision: 0.2, of: 'responseP99Ms' });
    expect(steady?.precision).toMatch(/^responseP99Ms is within [\d.]+%$/);
    expect(measures?.responseP99Ms.high).toBeGreaterThan(300);
    const short = run({ ...busy, precision: 0.2, of: 'responseP99Ms', most: 20_000 });
    expect(short.steady?.precision).toMatch(/has no interval after the 20,000 requests that --most allows/);
  });
});

describe('no interval', () => {
  it('of a fleet that hedges overload, though it could serve each request once', () => {
    const given = { policy: 'random', hedge: '0ms', queue: 1_000_000, arrivals: 'poisson(400)' } as const;
    const { measures, steady } = simulate(scenario({ ...given, retryBudget: 100 })).summary;
    expect(measures?.responseMeanMs.low).toBeNull();
    expect(steady?.noInterval).toMatch(/offered to the fleet, with what is sent again, is 133.\d% of its/);
  });

  it('of what a warm-up leaves nothing of', () => {
    for (const runs of [1, 4]) {
      const { measures, steady } = simulate(scenario({ warmup: '1000s', requests: 1000, runs })).summary;
      expect(measures?.responseMeanMs.low).toBeNull();
      expect(steady?.noInterval).toMatch(/^the run is over before the warm-up of \d+ms is/);
    }
    expect(() => scenario({ warmup: '1000', requests: 1000 })).toThrow(
      /--warmup is 1000 requests, but must be fewer/,
    );
  });

  it('nor a timeline of more steps than there is room for', () => {
    const given = { bucket: 1, requests: 1000, arrivals: 'poisson(0.0001)' };
    expect(() => simulate(scenario(given))).toThrow(/--bucket is 1 ms, but must be \d+ ms or more/);
  });

  const figures = (given: Partial<Scenario>): Summary => run({ overload: 'allow', ...given });

  it.each(['poisson(200)', 'poisson(300)'])('is given where %s reach or pass the capacity', (arrivals) => {
    const { measures, steady } = figures({ arrivals });
    expect(steady?.noInterval).toMatch(/offered to the fleet is 1\d0.0% of its capacity/);
    expect(Object.values(measures ?? {}).every(({ low, high }) => low === null && high === null)).toBe(true);
  });

  it('is given where one replica alone is overloaded', () => {
    const { steady } = figures({ replicas: 3, arrivals: 'poisson(300)' });
    expect(steady?.noInterval).toMatch(/offered to S1 is 12\d.\d% of its capacity/);
  });

  it('is given of a mean wait where its variance is infinite, and is of quantiles', () => {
    const { measures, steady } = figures({ service: 'pareto(5,2.5)' });
    expect(steady?.noInterval).toMatch(/no fourth moment/);
    expect(measures?.waitMeanMs).toMatchObject({ low: null, high: null });
    expect(measures?.waitP50Ms.high).toBeGreaterThan(0);
  });

  it.each([
    ['pareto(5,4)', 'fifo', /no fourth moment, so the variance of a mean wait/],
    ['pareto(5,4.1)', 'fifo', null],
    ['pareto(5,2)', 'ps', /no second moment, so the variance of a mean response/],
    ['pareto(5,2.1)', 'ps', null],
    ['bounded-pareto(5,1.5,1000)', 'fifo', null],
  ])('of %s under %s is given by the moments that the discipline takes', (service, discipline, why) => {
    const given = { service, discipline, arrivals: 'poisson(100)', requests: 10_000 };
    const { measures, steady } = figures(given);
    if (why === null) expect(steady?.noInterval).toBeNull();
    else expect(steady?.noInterval).toMatch(why);
    expect(measures?.responseMeanMs.low === null).toBe(why !== null);
  });

  // Four workers at a load of 1.5 workers: three must be held before others wait long, at 2.5 two, at 3.5 one.
  it.each([
    ['pareto(5,2.1)', 'poisson(300)', null],
    ['pareto(5,2.6)', 'poisson(500)', null],
    ['pareto(5,2.5)', 'poisson(500)', /no moment of order 2.5, so the variance of a mean wait/],
    ['pareto(5,4)', 'poisson(700)', /no fourth moment, so the variance of a mean wait/],
    ['pareto(5,2.1)', 'closed(20,5,1)', null],
    ['pareto(5,2)', 'closed(20,5,1)', /no second moment, so the variance of a mean response/],
  ])('of %s with %s is given by the workers that the load leaves over', (service, arrivals, why) => {
    const { measures, steady } = figures({ service, arrivals, workers: 4, requests: 10_000 });
    if (why === null) expect(steady?.noInterval).toBeNull();
    else expect(steady?.noInterval).toMatch(why);
    expect(measures?.waitMeanMs.low === null).toBe(why !== null);
  });

  it('is given where repairs take so long that the rest of the time is too short, unless failures lose the queue', () => {
    const failing = {
      requests: 10_000,
      arrivals: 'poisson(150)',
      mtbf: 'exponential(300)',
      mttr: 'exponential(150)',
      detect: 1e9,
    };
    expect(figures({ ...failing, breakdown: 'resume' }).steady?.noInterval).toMatch(
      /is 112.5% of its capacity/,
    );
    expect(figures({ ...failing, breakdown: 'lose' }).steady?.noInterval).toBeNull();
  });

  it.each([{ autoscale: 'in-flight', scaleEvery: 500 }, { failAt: '1s:S1' }] as const)(
    'is given of a run that is not the same throughout (%o), though several such runs give one',
    (given) => {
      const fleet = { replicas: 3, policy: 'least-request', ...given };
      expect(figures(fleet).steady?.noInterval).toMatch(/several runs \(--runs 20\) give intervals/);
      const { measures, steady } = figures({ ...fleet, runs: 4, requests: 500 });
      expect(steady?.noInterval).toBeNull();
      expect(measures?.responseMeanMs.low).toBeGreaterThan(0);
    },
  );

  it('is given of a mean response that is shared only where its own variance is infinite', () => {
    const shared = { discipline: 'ps', requests: 10_000 } as const;
    expect(figures({ ...shared, service: 'pareto(5,2.5)' }).steady?.noInterval).toBeNull();
    expect(figures({ ...shared, service: 'pareto(5,2)' }).steady?.noInterval).toMatch(/no second moment/);
  });

  it('is found for more replicas that came and went than a call takes arguments', () => {
    const brief = { policy: 'random', mtbf: 'exponential(0.1)', detect: 0, start: 0 } as const;
    const { replicas, summary } = simulate(scenario({ ...half, ...brief, replicas: 3, requests: 500 }));
    expect(replicas.length).toBeGreaterThan(130_000);
    expect(summary.requests).toBe(500);
  });

  it('is no matter where a bounded queue overflows for long', () => {
    const { steady } = figures({ arrivals: 'poisson(300)', queue: 5 });
    expect(steady?.noInterval).toBeNull();
    const loss = { workers: 50, arrivals: 'poisson(10000)', queue: 0, requests: 10_000 };
    expect(figures(loss).measures?.rejectedShare.high).toBeGreaterThan(0.1); // Erlang B: 0.105
  });
});
