/** Counts what happens in a run, and lays it out as the rows of `core/result.ts`. */
import { evenness, responseTimes } from '../core/result.ts';
import type { Failures, FleetEvent, Result } from '../core/result.ts';
import type { Scenario } from '../core/scenario.ts';
import { Ledger } from '../core/stats/ledger.ts';
import { column } from '../core/stats/sections.ts';
import { Transient } from '../core/stats/transient.ts';
import { tables as labTables } from '../core/tables.ts';
import type { Tables } from '../core/tables.ts';
import type { Outcome, Replica } from '../core/types.ts';
import type { Keep } from './paired.ts';

import { replicaRows, timelineOf } from './rows.ts';
import type { Step, Tally } from './rows.ts';
import { steadyState } from './steady.ts';

/** Ends of a request that are not 'ok'. */
export type Failure = Exclude<Outcome, 'ok' | 'cancelled'>;

/** Failures of requests that were in the system until then; the others were turned away at once. */
const IN_SYSTEM: readonly Failure[] = ['lost', 'timeout', 'abandoned'];

/** Events that are listed; random breakdowns would make more than anybody reads. */
const MOST_EVENTS = 1000;

/** The most requests that may be told of together. */
export const LONGEST = 512;

/** Requests side by side, a column each: where they went, when they came and began, how long they took. */
export interface Stretch {
  readonly handles: Int32Array;
  readonly arrivedMs: Float64Array;
  readonly beginMs: Float64Array;
  readonly serviceMs: Float64Array;
}

/**
 * The ledger of one run. A request is known by its order of arrival, 0, 1, 2 …; ends may be told in any order. Response
 * times count from the arrival, which in an open loop is the intended start, so that nothing is omitted.
 */
export class Recorder {
  /** By batches of arrivals; what intervals come from. */
  readonly ledger: Ledger;
  /** How the run got under way; kept where somebody asked for it. */
  readonly transient: Transient | null;
  readonly #tallies: Tally[] = [];
  readonly #events: FleetEvent[] = [];
  readonly #failures: Failures = {
    refused: 0,
    rejected: 0,
    lost: 0,
    timeout: 0,
    abandoned: 0,
    unroutable: 0,
  };
  #retries = 0;
  #hedges = 0;
  readonly #scenario: Scenario;
  readonly #bucketMs: number;
  #lastMs = 0;
  readonly #waits = column(LONGEST);
  readonly #responses = column(LONGEST);

  constructor(scenario: Scenario) {
    this.#scenario = scenario;
    this.#bucketMs = scenario.bucket;
    this.ledger = new Ledger(scenario.requests, scenario.runs > 1 && scenario.warmup === 'none');
    const asked = scenario.runs > 1 && (scenario.bucket > 0 || scenario.first > 0);
    this.transient = asked ? new Transient(scenario.bucket, scenario.first) : null;
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

  unroutable(order: number, now: number): void {
    this.#failures.unroutable++;
    this.ledger.failed(order, 'unroutable', now, 0, 0);
    if (now > this.#lastMs) this.#lastMs = now;
  }

  /**
   * A request has its answer at `now`.
   * @param waitMs from its arrival until its service began
   * @param busyMs for how long it kept a worker busy
   */
  served(
    handle: number,
    order: number,
    arrivedMs: number,
    waitMs: number,
    busyMs: number,
    now: number,
  ): void {
    const tally = this.#tallies[handle];
    tally.completed++;
    tally.busyMs += busyMs;
    const responseMs = now - arrivedMs;
    this.ledger.served(order, arrivedMs, waitMs, busyMs, responseMs);
    this.transient?.served(order, arrivedMs, waitMs, responseMs);
    if (this.#bucketMs > 0) this.#step(tally, now).completed++;
    if (now > this.#lastMs) this.#lastMs = now;
  }

  /**
   * Some requests in order of arrival, from the one of that order on, have all been picked for and served; the same as
   * `picked` and `served` for each, in a fraction of the time. Only where neither timeline nor start is kept.
   */
  block(order: number, count: number, stretch: Stretch): void {
    const { handles, arrivedMs, beginMs, serviceMs } = stretch;
    const waits = this.#waits.values;
    const responses = this.#responses.values;
    const tallies = this.#tallies;
    let last = this.#lastMs;
    for (let i = 0; i < count; i++) {
      const ends = beginMs[i] + serviceMs[i];
      waits[i] = beginMs[i] - arrivedMs[i];
      responses[i] = ends - arrivedMs[i];
      if (ends > last) last = ends;
    }
    for (let i = 0; i < count; i++) {
      const tally = tallies[handles[i]];
      tally.requests++;
      tally.completed++;
      tally.busyMs += serviceMs[i];
    }
    this.#lastMs = last;
    this.ledger.block(order, count, arrivedMs, this.#waits, serviceMs, this.#responses);
  }

  /** Whether the requests of a block may be told of together. */
  get plain(): boolean {
    return this.#bucketMs === 0 && this.transient === null;
  }

  /** A request has failed at `now`, having kept a worker busy for so long. */
  failed(
    handle: number,
    outcome: Failure,
    order: number,
    arrivedMs: number,
    busyMs: number,
    now: number,
  ): void {
    const tally = this.#tallies[handle];
    tally.failed++;
    tally.busyMs += busyMs;
    this.#failures[outcome]++;
    const stayMs = IN_SYSTEM.includes(outcome) ? now - arrivedMs : 0;
    this.ledger.failed(order, outcome, arrivedMs, stayMs, busyMs);
    this.transient?.stayed(arrivedMs, stayMs);
    if (this.#bucketMs > 0) this.#step(tally, now).failed++;
    if (now > this.#lastMs) this.#lastMs = now;
  }

  /** A try ended in vain, though its request may yet be served by another. */
  failedTry(handle: number, order: number, busyMs: number, now: number): void {
    const tally = this.#tallies[handle];
    tally.failed++;
    if (this.#bucketMs > 0) this.#step(tally, now).failed++;
    this.wasted(handle, order, busyMs);
  }

  /** A worker was busy for so long with a try of which nobody waits for the answer. */
  wasted(handle: number, order: number, busyMs: number): void {
    this.#tallies[handle].busyMs += busyMs;
    this.ledger.wasted(order, busyMs);
  }

  retried(): void {
    this.#retries++;
  }

  hedged(): void {
    this.#hedges++;
  }

  /** Time that workers of all replicas were busy, of services that have ended. */
  get busyMs(): number {
    return this.#tallies.reduce((sum, tally) => sum + tally.busyMs, 0);
  }

  result(tables: Tables = labTables, keep?: Keep): Result {
    const scenario = this.#scenario;
    const replicas = replicaRows(this.#tallies, scenario.workers, this.#lastMs);
    const completed = this.#tallies.reduce((total, tally) => total + tally.completed, 0);
    const responses = this.ledger.responses.counts();
    const sum = this.ledger.sums('response').reduce((total, ms) => total + ms, 0);
    const failures = this.#failures;
    const failed = Object.values<number>({ ...failures }).reduce((total, n) => total + n, 0);
    const summary = {
      requests: completed + failed,
      completed,
      failures,
      retries: this.#retries,
      hedges: this.#hedges,
      ...evenness(replicas),
      responseMs: responseTimes({
        count: completed,
        mean: sum / completed,
        max: responses.max,
        quantile: (q) => responses.quantile(q),
      }),
      durationMs: this.#lastMs,
      ...steadyState(scenario, this.ledger, replicas, tables, keep),
    };
    return {
      engine: 'sim',
      scenario,
      summary,
      replicas,
      events: this.#events,
      timeline: timelineOf(this.#tallies, this.#bucketMs, this.#lastMs),
    };
  }

  #step(tally: Tally, now: number): Step {
    const bucket = Math.floor(now / this.#bucketMs);
    let step = tally.steps.get(bucket);
    if (!step) tally.steps.set(bucket, (step = { picked: 0, completed: 0, failed: 0 }));
    return step;
  }
}
