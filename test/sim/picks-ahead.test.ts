/** Picks drawn a block at a time are those that a policy makes one by one. */
import { describe, expect, it } from 'vitest';
import { balancerOf } from '../../core/resolve.ts';
import { scenario } from '../../core/scenario.ts';
import { tables } from '../../core/tables.ts';
import { PicksAhead } from '../../sim/picks-ahead.ts';
import { Recorder } from '../../sim/recorder.ts';
import { runEvents } from '../../sim/run.ts';

/** A failure long after the last request: members could change, so that every pick is made when its request comes. */
const ONE_BY_ONE = { failAt: '1000000s:S1' };

const base = { replicas: 5, requests: 5000, arrivals: 'poisson(700)', slots: 512, queue: 4, refuse: 3 };

function resultOf(knobs: Parameters<typeof scenario>[0]): unknown {
  const asked = scenario(knobs);
  const recorder = new Recorder(asked);
  runEvents(asked, tables, recorder, () => {});
  const { replicas, summary } = recorder.result();
  const { completed, durationMs, failures, responseMs } = summary; // a failure leaves no intervals to compare
  return { replicas, completed, durationMs, failures, responseMs };
}

describe('picks drawn ahead', () => {
  it.each([
    ['round-robin', {}],
    ['random', {}],
    ['weighted-random', { weights: '1:2:3' }],
    ['by-key', {}],
    ['by-key', { keys: 'sequential' }],
    ['power-of-d(2)', {}],
    ['power-of-d(3)', { arrivals: 'closed(30,10)' }],
    ['power-of-d-with-replacement(2)', { network: 'exponential(1)', timeout: 30 }],
    ['random', { patience: 'exponential(30)' }],
  ])('are those that %s makes one by one, with %j', (policy, knobs) => {
    const asked = scenario({ ...base, policy, ...knobs });
    expect(PicksAhead.suits(asked, balancerOf(asked, tables))).toBe(true);
    expect(resultOf(asked)).toEqual(resultOf({ ...asked, ...ONE_BY_ONE }));
  });

  it.each([{ ejectAfter: 3 }, { mtbf: 'exponential(1000)' }, { retries: 1 }, { balancers: 2 }])(
    'are not made with %j, where others could be members or be asked in between',
    (knobs) => {
      const asked = scenario({ ...base, policy: 'random', ...knobs });
      expect(PicksAhead.suits(asked, balancerOf(asked, tables))).toBe(false);
    },
  );
});
