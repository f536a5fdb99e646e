/** The replica that would be done first: the least unfinished work, by service times that only the simulator knows. */
import type { Balancer, PolicyEntry, Replica } from '../types.ts';
import { NONE } from '../types.ts';

/** What a replica has before it, oldest first. */
interface Backlog {
  readonly replica: Replica;
  readonly startedMs: number[];
  readonly workMs: number[];
  /** Of all that is unfinished, in full. */
  total: number;
  /** Since when it has been at the oldest. */
  sinceMs: number;
}

/**
 * Time until the work is done if one worker serves in order, as fast as the weight says: exact then, and so the same as
 * one queue before all replicas. Of several workers it counts the progress of one.
 */
function leftMs({ replica, workMs, total, sinceMs }: Backlog, now: number): number {
  const oldest = workMs.length === 0 ? 0 : workMs[0];
  const done = Math.min(oldest, (now - sinceMs) * replica.weight);
  return Math.max(0, total - done) / replica.weight; // sums leave a last digit over, or less than nothing
}

/** Forgets the request that began nearest to a time; sums anew when there is none left, so that no rounding stays. */
function forget(backlog: Backlog, startedMs: number, now: number): void {
  const times = backlog.startedMs;
  let at = 0;
  while (at + 1 < times.length && times[at + 1] - startedMs <= startedMs - times[at]) at++;
  times.splice(at, 1);
  const [work = 0] = backlog.workMs.splice(at, 1);
  backlog.total = times.length === 0 ? 0 : backlog.total - work;
  if (at === 0) backlog.sinceMs = now;
}

export function leastWorkLeft(): Balancer {
  const members: Backlog[] = [];
  const backlogs: Backlog[] = [];
  let after = 0;
  let comingMs = 0;
  let heaviest = 0;

  return {
    pick(request, now) {
      const n = members.length;
      if (n === 0) return NONE;
      comingMs = request.workMs ?? 0;
      // Nobody is done before the heaviest that is idle, so that few are looked at where some are.
      const soonest = comingMs / heaviest;
      const from = after % n;
      let best = from;
      let least = Infinity;
      for (let step = 0; step < n && least > soonest; step++) {
        const at = from + step < n ? from + step : from + step - n;
        const done = leftMs(members[at], now) + comingMs / members[at].replica.weight;
        if (done >= least) continue;
        best = at;
        least = done;
      }
      after = best + 1;
      return members[best].replica.handle;
    },
    /** Always the request that was picked for last. */
    started(handle, now) {
      const backlog = backlogs[handle];
      if (backlog.workMs.length === 0) backlog.sinceMs = now;
      backlog.startedMs.push(now);
      backlog.workMs.push(comingMs);
      backlog.total += comingMs;
    },
    finished(handle, now, _outcome, tookMs) {
      if (backlogs[handle].workMs.length > 0) forget(backlogs[handle], now - tookMs, now);
    },
    joined(replica, now) {
      const backlog = { replica, startedMs: [], workMs: [], total: 0, sinceMs: now };
      backlogs[replica.handle] = backlog;
      members.push(backlog);
      heaviest = Math.max(heaviest, replica.weight);
    },
    left(handle) {
      const at = members.indexOf(backlogs[handle]);
      if (at < 0) return;
      members.splice(at, 1);
      heaviest = members.reduce((most, { replica: { weight } }) => Math.max(most, weight), 0);
    },
  };
}

export const leastWorkLeftEntry: PolicyEntry = {
  name: 'least-work-left',
  summary: 'takes the replica that would be done first, which takes knowing how long requests will take',
  source: 'Harchol-Balter 2013, Performance Modeling and Design of Computer Systems, 24.1 (LWL)',
  weights: true,
  needs: 'work',
  make: () => leastWorkLeft,
};
