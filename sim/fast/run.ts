/** One run without a list of events: each request's departure is worked out when it arrives. */
import { fleetOf } from '../../core/resolve.ts';
import type { Scenario } from '../../core/scenario.ts';
import type { Tables } from '../../core/tables.ts';
import { columns } from '../columns.ts';
import type { Recorder } from '../recorder.ts';
import { newStay } from '../tries.ts';
import { Draws } from './draws.ts';
import { placingOf } from './placing.ts';

const { handles, arrivedMs, serviceMs, beginMs } = columns;

const PROGRESS_EVERY = 16_384;

/**
 * Why this gives the very departures of the event engine. A server that is first in, first out, that never fails and
 * whose requests never give up, is a function of its arrivals: the recursions in `lindley.ts`, `single.ts`, `few.ts`
 * and `stations.ts`, in the same sums of the same doubles. So only picks could differ, and a pick depends on the
 * request, on the policy's own random numbers, drawn in the same order, and at most on how many requests are in flight
 * at a replica at this moment. That number too is known, since every departure up to now is. `test/sim/fast` compares
 * both engines request for request.
 *
 * What differs is the order in which the recorder is told of ends: here in order of arrival.
 *
 * @param exact keeps account of every queue, and not only of those that may be full
 * @returns false when it cannot tell whether a queue was full; the recorder is of no use then, and the run must be made
 * again with another one, and exact
 */
export function runFast(
  s: Scenario,
  tables: Tables,
  recorder: Recorder,
  progress: (sent: number) => void,
  exact = false,
): boolean {
  const draws = new Draws(s, tables);
  const { balancer, placing } = placingOf(s, tables, draws, exact);
  for (const replica of fleetOf(s)) {
    balancer.joined(replica, 0);
    recorder.joined(replica, 0);
  }
  for (let sent = 0; sent < s.requests;) {
    const count = draws.next(Math.min(s.requests - sent, recorder.room(sent)));
    if (count === 0) break;
    recorder.backlog?.block(sent, count, arrivedMs, serviceMs);
    const refused = placing.place(count);
    if (!placing.sure) return false;
    if (refused === 0 && recorder.plain) recorder.block(sent, count);
    else record(count, sent, recorder, s.refuse);
    if (sent % PROGRESS_EVERY >= PROGRESS_EVERY - count) progress(sent + count);
    sent += count;
  }
  return true;
}

/** Tells the recorder of the requests of a block one by one; the first is the `first` of the run. */
function record(count: number, first: number, recorder: Recorder, refuseMs: number): void {
  const stay = newStay();
  for (let i = 0; i < count; i++) {
    const handle = handles[i];
    const now = arrivedMs[i];
    const begin = beginMs[i];
    recorder.picked(handle, now);
    if (Number.isNaN(begin)) recorder.failed(handle, 'rejected', first + i, now, 0, now + refuseMs, Infinity);
    else {
      stay.handle = handle;
      stay.order = first + i;
      stay.arrivedMs = now;
      stay.beganMs = begin;
      stay.busyMs = serviceMs[i];
      stay.endMs = begin + serviceMs[i];
      recorder.served(stay);
    }
  }
}
