/** One run of the simulator in a process of its own: policy, servers, requests, engine and seed in, a line of JSON out. */
import { scenario } from '../core/scenario.ts';
import type { Scenario } from '../core/scenario.ts';
import { tables } from '../core/tables.ts';
import { runFast } from '../sim/fast/run.ts';
import { Recorder } from '../sim/recorder.ts';
import { runEvents } from '../sim/run.ts';

/** What a run took, and the mean response time, by which one sees that all ran the same model. */
export interface Run {
  readonly completed: number;
  readonly cpuSeconds: number;
  readonly meanMs: number;
  readonly peakBytes: number;
}

/** Enough for the compiler to have seen the run's loops; it is not timed. */
const WARM_UP = 300_000;

const [policy, servers, requests, engine, seed = '42'] = process.argv.slice(2);
const asked = scenario({
  policy: policy === 'hash' ? 'by-key' : policy,
  // Few servers: the lab's ring, balanced by 100 virtual nodes. Many: no table that grows with them.
  ...(Number(servers) < 100
    ? { slots: 4096, vnodes: 100, serverHash: 'murmur3' }
    : { placement: 'jump', requestHash: 'murmur3' }),
  replicas: Number(servers),
  arrivals: `poisson(${160 * Number(servers)})`,
  requests: Number(requests),
  seed: Number(seed),
});
const run = engine === 'events' ? runEvents : runFast;

function once(s: Scenario): Run {
  const recorder = new Recorder(s);
  const before = process.cpuUsage();
  if (run(s, tables, recorder, () => {}) === false) throw new Error('a queue may have been full');
  const { user, system } = process.cpuUsage(before);
  const { completed, responseMs } = recorder.result().summary;
  const peakBytes = process.resourceUsage().maxRSS * 1024;
  return { completed, cpuSeconds: (user + system) / 1e6, meanMs: responseMs.mean ?? NaN, peakBytes };
}

once({ ...asked, requests: Math.min(asked.requests, WARM_UP) });
process.stdout.write(`${JSON.stringify(once(asked))}\n`);
