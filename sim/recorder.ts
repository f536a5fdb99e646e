/** Counts what happens in a run, and lays it out as the rows of `core/result.ts`. */
import { evenness, responseTimes } from '../core/result.ts';
import type { Failures, FleetEvent, ReplicaRow, Result, StepRow } from '../core/result.ts';
import type { Scenario } from '../core/scenario.ts';
import { histogram } from '../core/stats/histogram.ts';
import type { Outcome, Replica } from '../core/types.ts';

interface Tally {
  readonly replica: Replica;
  readonly joinedMs: number;
  failedMs: number | null;
  requests: number;
  completed: number;
  failed: number;
  busyMs: number;
  readonly steps: Map<number, Step>;
}

interface Step {
  picked: number;
  completed: number;
  failed: number;
}

/** The ledger of one run. */
export class Recorder {
  readonly #tallies: Tally[] = [];
  readonly #events: FleetEvent[] = [];
  readonly #responses = histogram();
  readonly #failures: Failures = { refused: 0, rejected: 0, lost: 0, unroutable: 0 };
  readonly #bucketMs: number;
  #lastMs = 0;

  constructor(bucketMs: number) {
    this.#bucketMs = bucketMs;
  }

  joined(replica: Replica, now: number): void {
    const counts = { failedMs: null, requests: 0, completed: 0, failed: 0, busyMs: 0 };
    this.#tallies[replica.handle] = { replica, joinedMs: now, ...counts, steps: new Map() };
  }

  event(event: FleetEvent['event'], replica: Replica, now: number): void {
    this.#events.push({ atMs: now, event, replica: replica.name });
    if (event === 'failed') this.#tallies[replica.handle].failedMs = now;
  }

  picked(handle: number, now: number): void {
    const tally = this.#tallies[handle];
    tally.requests++;
    if (this.#bucketMs > 0) this.#step(tally, now).picked++;
  }

  unroutable(now: number): void {
    this.#failures.unroutable++;
    if (now > this.#lastMs) this.#lastMs = now;
  }

  busy(handle: number, ms: number): void {
    this.#tallies[handle].busyMs += ms;
  }

  ended(handle: number, outcome: Outcome, responseMs: number, now: number): void {
    const tally = this.#tallies[handle];
    const field = outcome === 'ok' ? 'completed' : 'failed';
    tally[field]++;
    if (outcome === 'ok') this.#responses.record(responseMs);
    else this.#failures[outcome]++;
    if (this.#bucketMs > 0) this.#step(tally, now)[field]++;
    if (now > this.#lastMs) this.#lastMs = now;
  }

  result(scenario: Scenario): Result {
    const replicas = this.#replicaRows(scenario.workers);
    const completed = this.#responses.count;
    const failures = this.#failures;
    const { refused, rejected, lost, unroutable } = failures;
    const requests = completed + refused + rejected + lost + unroutable;
    const responseMs = responseTimes(this.#responses);
    const durationMs = this.#lastMs;
    const summary = { requests, completed, failures, ...evenness(replicas), responseMs, durationMs };
    return { engine: 'sim', scenario, summary, replicas, events: this.#events, timeline: this.#timeline() };
  }

  #step(tally: Tally, now: number): Step {
    const bucket = Math.floor(now / this.#bucketMs);
    let step = tally.steps.get(bucket);
    if (!step) tally.steps.set(bucket, (step = { picked: 0, completed: 0, failed: 0 }));
    return step;
  }

  #replicaRows(workers: number): ReplicaRow[] {
    const picked = this.#tallies.reduce((total, { requests }) => total + requests, 0);
    return this.#tallies.map(({ replica, joinedMs, failedMs, requests, completed, failed, busyMs }) => {
      const aliveMs = Math.max(0, (failedMs ?? this.#lastMs) - joinedMs);
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
  #timeline(): StepRow[] {
    if (this.#bucketMs === 0) return [];
    const last = Math.floor(this.#lastMs / this.#bucketMs);
    return this.#tallies.flatMap(({ replica, joinedMs, steps }) => {
      const first = Math.floor(joinedMs / this.#bucketMs);
      return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => ({
        fromMs: (first + i) * this.#bucketMs,
        replica: replica.name,
        picked: 0,
        completed: 0,
        failed: 0,
        ...steps.get(first + i),
      }));
    });
  }
}
