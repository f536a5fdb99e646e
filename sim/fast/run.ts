/** One run without a list of events: each request's departure is worked out when it arrives. */
import { balancerOf, fleetOf } from '../../core/resolve.ts';
import type { Scenario } from '../../core/scenario.ts';
import type { Tables } from '../../core/tables.ts';
import type { Balancer, Request } from '../../core/types.ts';
import type { Recorder } from '../recorder.ts';
import { BLOCK, Draws } from './draws.ts';
import { Stations } from './stations.ts';

const PROGRESS_EVERY = 32;

/**
 * Why this gives the very departures of the event engine. A server that is first in, first out, that never fails and
 * whose requests never give up, is a function of its arrivals: the recursion in `stations.ts`, in the same sums of the
 * same doubles. So only picks could differ, and a pick depends on the request, on the policy's own random numbers,
 * drawn in the same order, and at most on how many requests are in flight at a replica at this moment. That number
 * too is known, since every departure up to now is. `test/sim/fast` compares both engines request for request.
 *
 * What differs is the order in which the recorder is told of ends: here in order of arrival.
 */
export function runFast(s: Scenario, tables: Tables, recorder: Recorder, progress: (sent: number) => void): void {
  const stations = new Stations(s.replicas, s.workers, s.queue);
  const balancer = balancerOf(s, tables, stations.inFlight);
  for (const replica of fleetOf(s)) {
    balancer.joined(replica, 0);
    recorder.joined(replica, 0);
  }
  const draws = new Draws(s, tables);
  let sent = 0;
  for (let block = 1; sent < s.requests; block++) {
    const count = draws.next(s.requests - sent);
    if (count === 0) return;
    serve(draws, count, sent, { balancer, recorder, stations, refuseMs: s.refuse });
    sent += count;
    if (block % PROGRESS_EVERY === 0) progress(sent);
  }
}

interface Stage {
  readonly balancer: Balancer;
  readonly recorder: Recorder;
  readonly stations: Stations;
  readonly refuseMs: number;
}

/** Where the requests of a block go. */
const handles = new Int32Array(BLOCK);
/** When their service begins; NaN for those that are turned away. */
const begins = new Float64Array(BLOCK);

/** Serves a block of requests; the first is the `first` of the run. */
function serve(draws: Draws, count: number, first: number, stage: Stage): void {
  place(draws, count, stage);
  record(draws, count, first, stage);
}

function place({ arrivedMs, keys, serviceMs }: Draws, count: number, stage: Stage): void {
  const { balancer, stations, refuseMs } = stage;
  const request: Request = { key: 0 };
  for (let i = 0; i < count; i++) {
    request.key = keys[i];
    const now = arrivedMs[i];
    const handle = balancer.pick(request, now);
    const begin = stations.offer(handle, now, serviceMs[i]);
    if (Number.isNaN(begin)) stations.refuse(handle, now + refuseMs);
    handles[i] = handle;
    begins[i] = begin;
  }
}

function record({ arrivedMs, serviceMs }: Draws, count: number, first: number, stage: Stage): void {
  const { recorder, refuseMs } = stage;
  for (let i = 0; i < count; i++) {
    const handle = handles[i];
    const now = arrivedMs[i];
    recorder.picked(handle, now);
    const begin = begins[i];
    if (Number.isNaN(begin)) {
      const told = now + refuseMs;
      recorder.failed(handle, 'rejected', first + i, now, 0, told);
    } else {
      recorder.served(handle, first + i, now, begin - now, serviceMs[i], begin + serviceMs[i]);
    }
  }
}
