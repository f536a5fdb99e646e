/** A request that is no more than its try fares as one that something could happen to, and nothing does. */
import { describe, expect, it } from 'vitest';
import { scenario } from '../../core/scenario.ts';
import type { Scenario } from '../../core/scenario.ts';
import { tables } from '../../core/tables.ts';
import { Direct } from '../../sim/direct.ts';
import { Kernel } from '../../sim/kernel.ts';
import { Members } from '../../sim/members.ts';
import { Recorder } from '../../sim/recorder.ts';
import { runEvents } from '../../sim/run.ts';
import { Servers } from '../../sim/servers.ts';

/** So late that nothing is ever given up. What could be given up has no known work: control variates would differ. */
const NEVER: Partial<Scenario> = { timeout: 3_600_000 };

function isDirect(s: Scenario): boolean {
  const recorder = new Recorder(s);
  const servers = new Servers();
  return Direct.suits({
    scenario: s,
    kernel: new Kernel(),
    recorder,
    members: new Members(s, tables),
    servers,
  });
}

function outcome(s: Scenario): unknown {
  const recorder = new Recorder(s);
  runEvents(s, tables, recorder, () => {});
  const { summary, replicas, events, timeline } = recorder.result();
  // What has a timeout is told how many reached it: nobody did.
  const text = JSON.stringify({ summary, replicas, events, timeline }, (key, value: unknown) => {
    if (key === 'timeoutShare') return undefined;
    return Array.isArray(value) ? value.filter((one) => one !== 'timeoutShare') : value;
  });
  return JSON.parse(text) as unknown;
}

describe.each(['by-key', 'round-robin', 'power-of-d(2)', 'least-request', 'least-work-left', 'peak-ewma'])(
  'under %s',
  (policy) => {
    it.each<Partial<Scenario>>([
      {},
      { workers: 3, arrivals: 'poisson(1200)' },
      { queue: 2, arrivals: 'poisson(900)', refuse: 1 },
      { discipline: 'ps', workers: 2, queue: 4, arrivals: 'poisson(900)' },
      { arrivals: 'closed(60,1)', queue: 5, refuse: 2 },
      { arrivals: 'constant(400)', service: 'constant(5)', speeds: '1:2:0.5' },
      { slowAt: '1s/2s:S3x3', bucket: 500 },
      { autoscale: 'in-flight', target: 2, scaleMax: 12, arrivals: 'poisson(900)' },
      { replicas: 700, slots: 8192, arrivals: 'poisson(100000)' },
    ])('with %o', (given) => {
      const base = {
        policy,
        replicas: 3,
        arrivals: 'poisson(480)',
        requests: 4000,
        seed: 5,
        control: 'no',
        ...given,
      };
      const [direct, trip] = [scenario(base), scenario({ ...base, ...NEVER })];
      expect([isDirect(direct), isDirect(trip)]).toEqual([true, false]);
      expect(outcome(direct)).toEqual(outcome(trip));
    });
  },
);
