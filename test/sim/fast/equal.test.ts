/** The fast path against the event engine, request for request. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scenario } from '../../../core/scenario.ts';
import type { Scenario } from '../../../core/scenario.ts';
import { tables } from '../../../core/tables.ts';
import { columns } from '../../../sim/columns.ts';
import { runFast } from '../../../sim/fast/run.ts';
import { suits } from '../../../sim/fast/suits.ts';
import { Recorder } from '../../../sim/recorder.ts';
import { runEvents, simulate } from '../../../sim/run.ts';

type Engine = (...args: Parameters<typeof runEvents>) => unknown;

/** All that a run tells its recorder: picks in their order, and ends in an order that both engines can agree on. */
function told(engine: Engine, s: Scenario): { picks: number[][]; ends: string[]; result: string } {
  const recorder = new Recorder(s);
  const picks: number[][] = [];
  const ends: string[] = [];
  const { picked, served, failed } = {
    picked: recorder.picked.bind(recorder),
    served: recorder.served.bind(recorder),
    failed: recorder.failed.bind(recorder),
  };
  recorder.picked = (...args) => {
    picks.push(args);
    picked(...args);
  };
  recorder.served = (stay) => {
    const { handle, order, arrivedMs, beganMs, busyMs, endMs } = stay;
    ends.push(JSON.stringify(['served', handle, order, arrivedMs, beganMs - arrivedMs, busyMs, endMs]));
    served(stay);
  };
  recorder.failed = (...args) => {
    ends.push(JSON.stringify(args));
    failed(...args);
  };
  const block = recorder.block.bind(recorder);
  recorder.block = (order, count) => {
    for (let i = 0; i < count; i++) {
      const [handle, now, begin] = [columns.handles[i], columns.arrivedMs[i], columns.beginMs[i]];
      const busy = columns.serviceMs[i];
      picks.push([handle, now]);
      ends.push(JSON.stringify(['served', handle, order + i, now, begin - now, busy, begin + busy]));
    }
    block(order, count);
  };
  engine(s, tables, recorder, () => {});
  return { picks, ends: ends.sort(), result: rounded(recorder.result()) };
}

/** Sums of the same numbers in another order differ in their last digits. */
function rounded(result: unknown): string {
  return JSON.stringify(result, (_key, value: unknown) =>
    typeof value === 'number' ? Number(value.toPrecision(12)) : value,
  );
}

const anyScenario = fc.record({
  policy: fc.constantFrom('by-key', 'round-robin', 'random', 'power-of-d(1)', 'power-of-d(2)', 'power-of-d(4)', 'power-of-d-with-replacement(5)', 'least-request'), // prettier-ignore
  placement: fc.constantFrom('slot-ring', 'modulo', 'maglev', 'rendezvous', 'jump'),
  replicas: fc.integer({ min: 1, max: 12 }),
  workers: fc.constantFrom(1, 1, 2, 3, 7),
  // The widest is too wide for rings, so that single workers have lists.
  queue: fc.constantFrom(0, 1, 3, 1000, 100_000),
  // Constant gaps and times in binary fractions make departures and arrivals fall on the same instants.
  arrivals: fc.constantFrom('poisson(1000)', 'poisson(300)', 'constant(1000)', 'constant(250)', 'mmpp'),
  service: fc.constantFrom('exponential(5)', 'constant(4)', 'constant(8)', 'pareto(4,1.2)', 'lognormal(3,2)'),
  speeds: fc.constantFrom('1', '1', '2:1:0.5', '3'),
  refuse: fc.constantFrom(0, 1, 4, 30),
  keys: fc.constantFrom('uniform', 'zipf(1.2)', 'hot(0.4,7)', 'sequential'),
  bucket: fc.constantFrom(0, 100),
  seed: fc.nat(),
});

const weighted = new Set(['round-robin', 'least-request']);

describe('the fast path', () => {
  it('gives the departures of the event engine, every one, and the same result', () => {
    fc.assert(
      fc.property(anyScenario, fc.constantFrom('1', '5:1:1', '3:2'), (given, weights) => {
        const s = scenario({
          ...given,
          weights: weighted.has(given.policy) ? weights : '1',
          requests: 400,
          slots: 512,
          requestHash: 'murmur3',
          serverHash: 'murmur3',
        });
        expect(suits(s, tables)).toBe(true);
        expect(told(runFast, s)).toEqual(told(runEvents, s));
      }),
      { numRuns: 150 },
    );
  });

  it.each([
    { queue: 100, arrivals: 'poisson(190)' },
    { queue: 200, arrivals: 'poisson(300)' },
  ])('begins anew where a queue may be full, %o', (given) => {
    const s = scenario({ ...given, policy: 'random', replicas: 1, requests: 20_000, overload: 'allow' });
    expect(runFast(s, tables, new Recorder(s), () => {})).toBe(false);
    const recorder = new Recorder(s);
    runEvents(s, tables, recorder, () => {});
    expect(rounded(simulate(s, tables))).toBe(rounded(recorder.result()));
  });

  it('lets departures come before an arrival at the same instant, in both engines', () => {
    const s = scenario({
      policy: 'random',
      replicas: 1,
      arrivals: 'constant(250)',
      service: 'constant(4)',
      queue: 0,
    });
    for (const engine of [runFast, runEvents]) {
      const { ends } = told(engine, s);
      expect(ends.filter((end) => end.startsWith('["served"') && end.includes(',0,4,'))).toHaveLength(
        s.requests,
      );
    }
  });

  it.each<Partial<Scenario>>([
    { failAt: '1s' },
    { arrivals: 'closed' },
    { policy: 'least-request', replicas: 17, slots: 1024 },
    { policy: 'bounded-load' },
    { workers: 10_000, replicas: 1001, slots: 16_384, policy: 'random' },
  ])('is not for %o', (given) => {
    expect(suits(scenario(given), tables)).toBe(false);
  });

  it('tells how far it has come', () => {
    const seen: number[] = [];
    simulate(scenario({ requests: 50_000, policy: 'random' }), tables, (sent) => seen.push(sent));
    expect(seen.map((sent) => Math.floor(sent / 16_384))).toEqual([1, 2, 3]);
  });
});

describe('a run among few servers', () => {
  it.each(['power-of-d(2)', 'least-request'])('of %s is not mixed up with one begun meanwhile', (policy) => {
    const s = scenario({ policy, requests: 40_000 });
    const begin = (): unknown => runFast({ ...s, requests: 1000 }, tables, new Recorder(s), () => {});
    const run = (): unknown => runFast(s, tables, new Recorder(s), begin);
    expect(run).toThrow('a run was begun before the one before it was over');
  });
});
