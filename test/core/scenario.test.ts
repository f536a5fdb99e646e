/** Scenarios: the lab's defaults, values made canonical, and a sentence for every value that is not legal. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../core/input-error.ts';
import { failuresOf } from '../../core/knob.ts';
import { fleetOf } from '../../core/resolve.ts';
import { knobList, scenario } from '../../core/scenario.ts';
import type { Scenario, Value } from '../../core/scenario.ts';
import { stream } from '../../core/random/stream.ts';

const TOO_LARGE = String(2 ** 53);
const badNumbers = ['', ' ', 'x', '-1', '1.5', '1e3', 'NaN', 'Infinity', TOO_LARGE, '9'.repeat(400)];
const badTimes = [
  '',
  'x',
  '-1',
  '1h',
  '1 s',
  '1.',
  's',
  'NaN',
  'Infinity',
  '1e3',
  '9'.repeat(30),
  '9'.repeat(400),
];
const badParts = ['', ' ', 'x', '-1', 'NaN', 'Infinity', '.', '1.2.3', '9'.repeat(400)];
const badLaws = ['', 'nonesuch', 'None', 'exponential(-1)', 'exponential(', '5ms'];
const badSpans = [
  'x',
  '10s',
  '10s:S2',
  '10s/20s',
  '10s/20s:',
  '10s/20s:2',
  '10s/20s:S0',
  '/20s:S1',
  '10s/:S1',
  '+',
];
const badNames = ['', 'nonesuch', 'md5(', '(1)'];

/** Bad values by field; every knob must have some. */
const bad: Readonly<Record<keyof Scenario, readonly string[]>> = {
  replicas: [...badNumbers, '0', '100001'],
  slots: [...badNumbers, '0', '16777217'],
  vnodes: [...badNumbers, '0', '1000001'],
  vnodeFrom: [...badNumbers, '2'],
  firstId: [...badNumbers, '1000000001'],
  probing: ['', 'Linear', 'cubic', 'linear '],
  requestHash: [...badNames, 'poly(1,2,3,4)', 'poly(1e10)'],
  serverHash: [...badNames, 'md5(1)'],
  placement: badNames,
  policy: [...badNames, 'power-of-d(0)', 'power-of-d(1.5)'],
  weights: ['', '0', '1:', ':1', '1:0', '-1', '1.5', '10000', '1,2', 'x'],
  keys: [...badNames, 'zipf(-1)', 'zipf(21)', 'hot(1.1)'],
  arrivals: [...badNames, 'poisson(0)', 'closed(0)', 'closed(1.5)'],
  requests: [...badNumbers, '0', '1000000001'],
  service: [...badNames, 'constant(0)', 'pareto(5,1)'],
  workers: [...badNumbers, '0', '10001'],
  queue: [...badNumbers, '1000000001'],
  failAt: ['x', '10s:', '10s:1', '10s:S0', '10s:S01', '10s:S1:S2', '+', '10s+', ':S1', '9'.repeat(30)],
  detect: badTimes,
  start: badTimes,
  refuse: badTimes,
  bucket: [...badTimes, '0.5', '0.0000001s'],
  warmup: ['', 'some', '-1', '1.5', '10h', '1e3', '9'.repeat(30)],
  runs: [...badNumbers, '0', '1000001'],
  precision: ['', 'x', '-1%', '101%', '1.1'],
  of: ['', 'mean', 'responseMean'],
  most: [...badNumbers, '0', '1000000001'],
  antithetic: ['', 'true', '1', 'Yes'],
  control: ['', 'true', '1', 'Yes'],
  first: [...badNumbers, '10001'],
  confidence: ['', 'x', '0', '1', '-0.95', '49%', '100%', '95 %'],
  seed: badNumbers,
  balancers: [...badNumbers, '0', '1001'],
  deal: ['', 'Random', 'x'],
  discipline: ['', 'lifo', 'PS'],
  speeds: ['', '0', '-1', '1:', '1:0', '1001', '1,2', 'x', '1e3'],
  ramp: badTimes,
  rampFrom: [...badParts, '0', '1.1'],
  network: badLaws,
  timeout: badTimes,
  patience: badLaws,
  retries: [...badNumbers, '101'],
  retryAt: ['', 'here'],
  backoff: badLaws,
  retryBudget: [...badParts, '1001'],
  retryReserve: [...badParts, '1e10'],
  hedge: ['', 'x', 'p0', 'p100', 'p', '-1', '1h', 'None'],
  cancel: ['', 'some'],
  heartbeat: badTimes,
  heartbeatTimeout: badTimes,
  misses: [...badNumbers, '0', '1001'],
  silent: ['', 'kill'],
  ejectAfter: [...badNumbers, '1000001'],
  ejectFor: badTimes,
  ejectMost: [...badParts, '1.1'],
  mtbf: badLaws,
  mttr: badLaws,
  breakdown: ['', 'stop'],
  slowAt: [...badSpans, '10s/20s:S2', '10s/20s:S2x0', '10s/20s:S2x-1', '10s/20s:S2xx'],
  pauseAt: [...badSpans, '10s/20s:S2x5'],
  partitionAt: [...badSpans, '10s/20s:S2x5'],
  autoscale: ['', 'cpu'],
  target: [...badParts, '0', '1e7'],
  scaleEvery: badTimes,
  scaleMin: [...badNumbers, '0', '100001'],
  scaleMax: [...badNumbers, '0', '100001'],
  overload: ['', 'yes'],
};

describe.each(knobList)('%s', (field, knob) => {
  it('turns bad values down with a sentence that names the flag and the value', () => {
    for (const value of bad[field]) {
      const asked = (): Scenario => scenario({ [field]: value });
      expect(asked, value).toThrow(InputError);
      expect(asked, value).toThrow(`--${knob.flag}`);
      // Of several failures, the one that is wrong.
      if (!/At$/.test(field) || field === 'retryAt') expect(asked).toThrow(`'${value}'`);
    }
    expect(bad[field].length).toBeGreaterThan(0);
  });

  it('has a default that is legal and canonical', () => {
    expect(scenario()[field]).toBe(knob.default);
    expect(scenario({ [field]: knob.default })[field]).toBe(knob.default);
  });
});

describe('a scenario', () => {
  it('has the lab’s values by default (LAB 2.1 to 2.3) and is frozen', () => {
    const s = scenario();
    expect([s.replicas, s.slots, s.vnodes]).toEqual([3, 512, 9]);
    expect([s.requestHash, s.serverHash]).toEqual(['poly(1,2,17)', 'phi(1,1,2,25)']);
    expect(Object.isFrozen(s)).toBe(true);
  });

  it('reads its own values as they are', () => {
    const times = fc.oneof(
      fc.nat(1e6),
      fc.double({ min: 0.001, max: 1e9, noNaN: true }),
      fc.constantFrom('1.005s', '2.5m', '0', '10ms', '0.1s', '0.0000001ms', '0.0000001s'),
    );
    const anyGiven: fc.Arbitrary<Partial<Record<keyof Scenario, Value>>> = fc.record({
      detect: times,
      start: times,
      bucket: fc.constantFrom('0', '1', '1.005s', '2.5m', '10ms', '0.1s'),
      failAt: fc.array(times, { maxLength: 3 }).map((list) => list.map((time) => `${time}:S1`).join('+')),
      seed: fc.maxSafeNat(),
      keys: fc.constantFrom('zipf', 'zipf(0.5)', 'hot( 1 , 7 )', 'uniform(7,9)'),
    });
    fc.assert(
      fc.property(anyGiven, (given) => {
        const once = scenario(given as Partial<Scenario>);
        expect(scenario(once)).toEqual(once);
        expect(failuresOf(once.failAt).every(({ atMs }) => Number.isFinite(atMs))).toBe(true);
      }),
    );
  });

  it('reads durations in ms, s and m, and failures with or without a name', () => {
    const { detect, start, bucket, failAt } = scenario({
      detect: '1.5s' as never,
      start: '2m' as never,
      bucket: '250ms' as never,
      failAt: '10s+20s:S2',
    });
    expect([detect, start, bucket]).toEqual([1500, 120_000, 250]);
    expect(failuresOf(failAt)).toEqual([
      { atMs: 10_000, replica: 'S1' },
      { atMs: 20_000, replica: 'S2' },
    ]);
  });

  it('names the nearest knob for a field that it does not have', () => {
    expect(() => scenario({ replica: 3 } as never)).toThrow(/no knob 'replica'; the nearest is 'replicas'/);
    expect(() => scenario({ toString: 3 } as never)).toThrow(InputError);
  });

  it('turns down values that do not go together', () => {
    expect(() => scenario({ replicas: 57 })).toThrow(
      /57 replicas with 9 virtual servers each need 513 slots/,
    );
    expect(scenario({ replicas: 57, policy: 'random' }).replicas).toBe(57);
    expect(() => scenario({ weights: '5:1' })).toThrow(/by-key over slot-ring has no weights.*round-robin/);
    expect(() => scenario({ weights: '5:1', policy: 'random' })).toThrow(/random has no weights/);
    expect(scenario({ weights: '1:1' }).weights).toBe('1:1');
    expect(() => scenario({ failAt: '10s:S5' })).toThrow(/names S5, but the replicas are S1 to S3/);
    const many = { replicas: 3000, workers: 10_000, policy: 'random' };
    expect(() => scenario(many)).toThrow(/have 30000000, but a run has 20000000 at most/);
    expect(scenario({ ...many, replicas: 2000 }).workers).toBe(10_000);
    expect(scenario({ failAt: '10s:S1+20s:S4' }).failAt).toBe('10000ms:S1+20000ms:S4');
  });

  it('takes the largest seed, which is not its neighbour', () => {
    const seeds = [2 ** 53 - 1, 2 ** 53 - 2].map((seed) => scenario({ seed }).seed);
    expect(stream(seeds[0], 'keys')()).not.toBe(stream(seeds[1], 'keys')());
  });

  it('deals ids, names and weights to its replicas in order', () => {
    const fleet = fleetOf(scenario({ firstId: 0, replicas: 4, weights: '5:1:2', policy: 'round-robin' }));
    expect(fleet.map(({ handle, id, name, weight }) => [handle, id, name, weight])).toEqual([
      [0, 0, 'S1', 5],
      [1, 1, 'S2', 1],
      [2, 2, 'S3', 2],
      [3, 3, 'S4', 5],
    ]);
  });
});
