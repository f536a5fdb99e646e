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
  /** When it was drained. */
  leftMs: number | null;
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

/** Events that are listed; random breakdowns would make more than anybody reads. */
const MOST_EVENTS = 1000;

/** The ledger of one run. */
export class Recorder {
  readonly #tallies: Tally[] = [];
  readonly #events: FleetEvent[] = [];
  readonly #responses = histogram();
  readonly #failures: Failures = {
    refused: 0,
    rejected: 0,
    lost: 0,
    timeout: 0,
    abandoned: 0,
    unroutable: 0,
  };
  readonly #bucketMs: number;
  #retries = 0;
  #hedges = 0;
  #lastMs = 0;

  constructor(bucketMs: number) {
    this.#bucketMs = bucketMs;
  }

  joined(replica: Replica, now: number): void {
    const counts = { failedMs: null, leftMs: null, requests: 0, completed: 0, failed: 0, busyMs: 0 };
    this.#tallies[replica.handle] = { replica, joinedMs: now, ...counts, steps: new Map() };
  }

  event(event: FleetEvent['event'], replica: Replica, now: number): void {
    if (this.#events.length < MOST_EVENTS) this.#events.push({ atMs: now, event, replica: replica.name });
    const tally = this.#tallies[replica.handle];
    if (event === 'failed') tally.failedMs = now;
    else if (event === 'repaired') tally.failedMs = null;
    else if (event === 'left') tally.leftMs = now;
  }

  picked(handle: number, now: number): void {
    const tally = this.#tallies[handle];
    tally.requests++;
    if (this.#bucketMs > 0) this.#step(tally, now).picked++;
  }

  unroutable(now: number): void {
    this.#failures.unroutable++;
    this.#lastMs = now;
  }

  busy(handle: number, ms: number): void {
    this.#tallies[handle].busyMs += ms;
  }

  /** Time that workers of all replicas were busy, of services that have ended. */
  get busyMs(): number {
    return this.#tallies.reduce((sum, tally) => sum + tally.busyMs, 0);
  }

  retried(): void {
    this.#retries++;
  }

  hedged(): void {
    this.#hedges++;
  }

  /** A try has ended. */
  tried(handle: number, outcome: Outcome, now: number): void {
    const tally = this.#tallies[handle];
    const field = outcome === 'ok' ? 'completed' : 'failed';
    tally[field]++;
    if (this.#bucketMs > 0) this.#step(tally, now)[field]++;
  }

  /** A request has ended, as its last try did; one whose other try was answered first is not cancelled but ok. */
  ended(outcome: Outcome, responseMs: number, now: number): void {
    if (outcome === 'ok') this.#responses.record(responseMs);
    else if (outcome !== 'cancelled') this.#failures[outcome]++;
    this.#lastMs = now;
  }

  result(scenario: Scenario): Result {
    const replicas = this.#replicaRows(scenario.workers);
    const completed = this.#responses.count;
    const failures = this.#failures;
    const { refused, rejected, lost, timeout, abandoned, unroutable } = failures;
    const requests = completed + refused + rejected + lost + timeout + abandoned + unroutable;
    const responseMs = responseTimes(this.#responses);
    const durationMs = this.#lastMs;
    const sent = { retries: this.#retries, hedges: this.#hedges };
    const summary = { requests, completed, failures, ...sent, ...evenness(replicas), responseMs, durationMs };
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
    return this.#tallies.map(
      ({ replica, joinedMs, failedMs, leftMs, requests, completed, failed, busyMs }) => {
        const aliveMs = Math.max(0, (failedMs ?? leftMs ?? this.#lastMs) - joinedMs);
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
      },
    );
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
