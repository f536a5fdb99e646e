/** From the counts of a run to the rows of `core/result.ts`. */
import { InputError } from '../core/input-error.ts';
import { responseTimes } from '../core/result.ts';
import type { ReplicaRow, ResponseTimes, StepRow } from '../core/result.ts';
import type { Scenario } from '../core/scenario.ts';
import type { Ledger } from '../core/stats/ledger.ts';
import { sum } from '../core/stats/sum.ts';
import type { Replica } from '../core/types.ts';

/** Rows of a timeline at most; each takes some 100 bytes. */
const MOST_STEPS = 10_000_000;

/** What is counted of a replica. */
export interface Tally {
  readonly replica: Replica;
  readonly joinedMs: number;
  readonly failedMs: number | null;
  /** When it was drained. */
  readonly leftMs: number | null;
  readonly requests: number;
  readonly completed: number;
  readonly failed: number;
  readonly busyMs: number;
  /** Of the timeline, where one is kept. */
  readonly steps: ReadonlyMap<number, Step> | undefined;
}

/** And of a step of the timeline. */
export interface Step {
  picked: number;
  completed: number;
  failed: number;
}

/**
 * Workers of the fleet on average from 0 to `endMs`. A fleet that scales has each replica from its joining until it
 * failed or was drained; failures leave any other as it is, since its N are kept by repair or replacement.
 */
export function workersOf(s: Scenario, tallies: readonly Tally[], endMs: number): number {
  if (s.autoscale === 'none' || endMs === 0) return s.replicas * s.workers;
  const spans = tallies.map(({ joinedMs, failedMs, leftMs }) =>
    Math.max(0, Math.min(endMs, failedMs ?? leftMs ?? endMs) - joinedMs),
  );
  return (spans.reduce((sum, ms) => sum + ms, 0) / endMs) * s.workers;
}

/** What each replica did over the whole run, until `lastMs`. */
export function replicaRows(tallies: readonly Tally[], workers: number, lastMs: number): ReplicaRow[] {
  const picked = tallies.reduce((total, { requests }) => total + requests, 0);
  return tallies.map(({ replica, joinedMs, failedMs, leftMs, requests, completed, failed, busyMs }) => {
    const aliveMs = Math.max(0, (failedMs ?? leftMs ?? lastMs) - joinedMs);
    const { name, id, weight } = replica;
    const share = picked === 0 ? 0 : requests / picked;
    const utilisation = aliveMs === 0 ? 0 : busyMs / (workers * aliveMs);
    return {
      replica: name,
      id,
      weight,
      requests,
      share,
      completed,
      failed,
      joinedMs,
      failedMs,
      utilisation,
    };
  });
}

/** Every replica in every step from its joining on, zeros included, so that a chart has no holes. */
export function timelineOf(tallies: readonly Tally[], bucketMs: number, lastMs: number): StepRow[] {
  if (bucketMs === 0) return [];
  const last = Math.floor(lastMs / bucketMs);
  if ((last + 1) * tallies.length > MOST_STEPS) {
    const least = Math.ceil((lastMs * tallies.length) / MOST_STEPS);
    throw new InputError(
      `--bucket is ${bucketMs} ms, but must be ${least} ms or more for a run of ${Math.ceil(lastMs)} ms with ${tallies.length} replicas.`,
    );
  }
  return tallies.flatMap(({ replica, joinedMs, steps }) => {
    const first = Math.floor(joinedMs / bucketMs);
    return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => ({
      fromMs: (first + i) * bucketMs,
      replica: replica.name,
      picked: 0,
      completed: 0,
      failed: 0,
      ...steps?.get(first + i),
    }));
  });
}

/** Response times of all that were served. */
export function responsesOf(ledger: Ledger, completed: number): ResponseTimes {
  const counts = ledger.responses.counts();
  const mean = sum(ledger.sums('response')) / completed;
  return responseTimes({ count: completed, mean, max: counts.max, quantile: (q) => counts.quantile(q) });
}
