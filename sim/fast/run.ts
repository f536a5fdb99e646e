/** One run without a list of events: each request's departure is worked out when it arrives. */
import { stream } from '../../core/random/stream.ts';
import { balancerOf, fleetOf, workloadOf } from '../../core/resolve.ts';
import type { Scenario } from '../../core/scenario.ts';
import type { Tables } from '../../core/tables.ts';
import type { Balancer, Request, Sampler } from '../../core/types.ts';
import type { Recorder } from '../recorder.ts';
import { Stations } from './stations.ts';

/**
 * Why this gives the very departures of the event engine. A server that is first in, first out, that never fails and
 * whose requests never give up, is a function of its arrivals: the recursion in `stations.ts`, in the same sums of the
 * same doubles. So only picks could differ, and a pick depends on the request, on the policy's own random numbers,
 * drawn in the same order, and at most on how many requests are in flight at a replica at this moment. That number
 * too is known, since every departure up to now is. `test/sim/fast` compares both engines request for request.
 *
 * What differs is the order in which the recorder is told of ends: here in order of arrival.
 */
export function runFast(
  s: Scenario,
  tables: Tables,
  recorder: Recorder,
  progress: (sent: number) => void,
): void {
  const stations = new Stations(s.replicas, s.workers, s.queue);
  const balancer = balancerOf(s, tables, stations.inFlight);
  for (const replica of fleetOf(s)) {
    balancer.joined(replica, 0);
    recorder.joined(replica, 0);
  }
  new FastRun(s, tables, stations, balancer, recorder).run(progress);
}

class FastRun {
  readonly #scenario: Scenario;
  readonly #stations: Stations;
  readonly #balancer: Balancer;
  readonly #recorder: Recorder;
  readonly #gapMs: () => number;
  readonly #serviceMs: () => number;
  readonly #nextKey: () => Request['key'];
  readonly #request: Request = { key: 0 };

  constructor(s: Scenario, tables: Tables, stations: Stations, balancer: Balancer, recorder: Recorder) {
    const { arrivals, key, serviceMs } = workloadOf(s, tables);
    if (arrivals.kind !== 'open') throw new Error('a closed loop needs the list of events');
    this.#scenario = s;
    this.#stations = stations;
    this.#balancer = balancer;
    this.#recorder = recorder;
    this.#gapMs = drawn(arrivals.gapMs, s.seed, 'arrivals');
    this.#serviceMs = drawn(serviceMs, s.seed, 'service');
    this.#nextKey = drawn(key, s.seed, 'keys');
  }

  run(progress: (sent: number) => void): void {
    const { requests } = this.#scenario;
    let now = this.#gapMs();
    for (let sent = 1; sent <= requests && now < Infinity; sent++) {
      this.#arrive(sent - 1, now);
      if (sent % PROGRESS_EVERY === 0) progress(sent);
      now += this.#gapMs();
    }
  }

  #arrive(order: number, now: number): void {
    const recorder = this.#recorder;
    const stations = this.#stations;
    this.#request.key = this.#nextKey();
    const serviceMs = this.#serviceMs();
    const handle = this.#balancer.pick(this.#request, now);
    recorder.picked(handle, now);
    if (stations.offer(handle, now, serviceMs)) {
      recorder.served(handle, order, now, stations.begins - now, serviceMs, stations.begins + serviceMs);
    } else {
      const told = now + this.#scenario.refuse;
      stations.refuse(handle, told);
      recorder.failed(handle, 'rejected', order, now, 0, told);
    }
  }
}

const PROGRESS_EVERY = 16_384;

function drawn<T>(sampler: Sampler<T>, seed: number, purpose: 'arrivals' | 'keys' | 'service'): () => T {
  const random = stream(seed, purpose);
  return () => sampler(random);
}
