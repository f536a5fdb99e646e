/** One run without a list of events: each request's departure is worked out when it arrives. */
import { balancerOf, fleetOf } from '../../core/resolve.ts';
import type { Scenario } from '../../core/scenario.ts';
import type { Tables } from '../../core/tables.ts';
import type { Balancer, Key, Request } from '../../core/types.ts';
import { LONGEST } from '../recorder.ts';
import type { Recorder } from '../recorder.ts';
import { Draws } from './draws.ts';
import type { Servers } from './servers.ts';
import { SingleWorkers } from './single.ts';
import { Stations } from './stations.ts';

const PROGRESS_EVERY = 32;

/**
 * Why this gives the very departures of the event engine. A server that is first in, first out, that never fails and
 * whose requests never give up, is a function of its arrivals: the recursions in `single.ts` and `stations.ts`, in the same sums of the
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
  const servers =
    s.workers === 1 ? new SingleWorkers(s.replicas, s.queue) : new Stations(s.replicas, s.workers, s.queue);
  const balancer = balancerOf(s, tables, servers.inFlight);
  for (const replica of fleetOf(s)) {
    balancer.joined(replica, 0);
    recorder.joined(replica, 0);
  }
  const draws = new Draws(s, tables);
  const request = new Asker(draws);
  const places = { handles: new Int32Array(LONGEST), beginMs: new Float64Array(LONGEST) };
  const stretch = { arrivedMs: draws.arrivedMs, serviceMs: draws.serviceMs, ...places };
  let sent = 0;
  for (let block = 1; sent < s.requests; block++) {
    const count = draws.next(s.requests - sent);
    if (count === 0) return;
    const refused = place(draws, count, places, { balancer, servers, request, refuseMs: s.refuse });
    if (refused === 0 && recorder.plain) recorder.block(sent, count, stretch);
    else record(draws, count, sent, places, recorder, s.refuse);
    sent += count;
    if (block % PROGRESS_EVERY === 0) progress(sent);
  }
}

/** Of each request of a block: where it goes, and when its service begins; NaN for those that are turned away. */
interface Places {
  readonly handles: Int32Array;
  readonly beginMs: Float64Array;
}

/** The request of a block that is being placed. */
class Asker implements Request {
  readonly #draws: Draws;
  at = 0;

  constructor(draws: Draws) {
    this.#draws = draws;
  }

  get key(): Key {
    return this.#draws.keys()[this.at];
  }
}

interface Stage {
  readonly balancer: Balancer;
  readonly servers: Servers;
  readonly request: Asker;
  readonly refuseMs: number;
}

/** Finds a place for each request of a block; returns how many are turned away. */
function place(
  { arrivedMs, serviceMs, keys }: Draws,
  count: number,
  { handles, beginMs }: Places,
  { balancer, servers, request, refuseMs }: Stage,
): number {
  if (balancer.picks !== undefined) {
    balancer.picks(keys, handles, count);
    return servers.serve({ handles, arrivedMs, serviceMs, beginMs }, count);
  }
  let refused = 0;
  for (let i = 0; i < count; i++) {
    request.at = i;
    const now = arrivedMs[i];
    const handle = balancer.pick(request, now);
    const begin = servers.offer(handle, now, serviceMs[i]);
    handles[i] = handle;
    beginMs[i] = begin;
    if (begin >= now) continue;
    servers.refuse(handle, now + refuseMs);
    refused++;
  }
  return refused;
}

/** Tells the recorder of the requests of a block one by one; the first is the `first` of the run. */
function record(
  { arrivedMs, serviceMs }: Draws,
  count: number,
  first: number,
  { handles, beginMs }: Places,
  recorder: Recorder,
  refuseMs: number,
): void {
  for (let i = 0; i < count; i++) {
    const handle = handles[i];
    const now = arrivedMs[i];
    const begin = beginMs[i];
    recorder.picked(handle, now);
    if (Number.isNaN(begin)) recorder.failed(handle, 'rejected', first + i, now, 0, now + refuseMs, Infinity);
    else recorder.served(handle, first + i, now, begin - now, serviceMs[i], begin + serviceMs[i]);
  }
}
