/** Counts what happens in a run, and lays it out as the rows of `core/result.ts`. */
import { evenness } from '../core/result.ts';
import type { Failures, FleetEvent, Result } from '../core/result.ts';
import type { Scenario } from '../core/scenario.ts';
import type { Backlog } from '../core/stats/backlog.ts';
import type { Ledger } from '../core/stats/ledger.ts';
import { column } from '../core/stats/column.ts';
import { Transient } from '../core/stats/transient.ts';
import { tables as labTables } from '../core/tables.ts';
import type { Tables } from '../core/tables.ts';
import type { Outcome, Replica } from '../core/types.ts';
import { Blocks } from './blocks.ts';
import { LONGEST } from './columns.ts';
import { ledgerOf } from './ledger.ts';
import type { Stay } from './discipline.ts';
import type { Keep } from './paired.ts';
import { replicaRows, responsesOf, timelineOf, workersOf } from './rows.ts';
import type { Step } from './rows.ts';
import { steadyState } from './steady.ts';
import { Tallies } from './tallies.ts';

/** Ends of a request that are not 'ok'. */
export type Failure = Exclude<Outcome, 'ok' | 'cancelled'>;

/** Failures of requests that were in the system until then; the others were turned away at once. */
const IN_SYSTEM: readonly Failure[] = ['lost', 'timeout', 'abandoned'];

/** Events that are listed; random breakdowns would make more than anybody reads. */
const MOST_EVENTS = 1000;

/**
 * The ledger of one run. A request is known by its order of arrival, 0, 1, 2 …; ends may be told in any order. Response
 * times count from the arrival, which in an open loop is the intended start, so that nothing is omitted.
 */
export class Recorder {
  /** How the run got under way; kept where somebody asked for it. */
  readonly transient: Transient | null;
  /** Whether the requests of a block may be told of together. */
  readonly plain: boolean;
  /** Kept where its mean is known, for control variates; to be told of every request that comes. */
  readonly backlog: Backlog | undefined;
  readonly #ledger: Ledger;
  readonly #tallies: Tallies;
  readonly #blocks: Blocks;
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
  /** Requests that were served and are not counted yet, in columns: a few hundred at once take half the time. */
  #held = 0;
  /** Picks as well, of which nothing is known but where to. */
  #picks = 0;
  readonly #picked = new Int32Array(LONGEST);
  readonly #handles = new Int32Array(LONGEST);
  readonly #orders = new Int32Array(LONGEST);
  readonly #arrivedMs = new Float64Array(LONGEST);
  readonly #busyMs = new Float64Array(LONGEST);
  readonly #waits = column(LONGEST);
  readonly #responses = column(LONGEST);

  constructor(scenario: Scenario, tables: Tables = labTables) {
    this.#scenario = scenario;
    this.#bucketMs = scenario.bucket;
    this.#ledger = ledgerOf(scenario, tables);
    this.backlog = this.#ledger.backlog;
    this.#tallies = new Tallies(scenario.replicas);
    this.#blocks = new Blocks(this.#ledger, this.#tallies);
    const asked = scenario.runs > 1 && (scenario.bucket > 0 || scenario.first > 0);
    this.transient = asked ? new Transient(scenario.bucket, scenario.first) : null;
    this.plain = this.#bucketMs === 0 && !asked;
  }

  joined(replica: Replica, now: number): void {
    this.#tallies.joined(replica, now);
  }

  event(event: FleetEvent['event'], replica: Replica, now: number): void {
    if (this.#events.length < MOST_EVENTS) this.#events.push({ atMs: now, event, replica: replica.name });
    const { handle } = replica;
    if (event === 'left') this.#tallies.set(handle, 'leftMs', now);
    else if (event === 'failed' || event === 'repaired')
      this.#tallies.set(handle, 'failedMs', event === 'failed' ? now : null);
  }

  picked(handle: number, now: number): void {
    this.#picked[this.#picks++] = handle;
    if (this.#picks === LONGEST) this.#settlePicks();
    if (this.#bucketMs > 0) this.#step(handle, now).picked++;
  }

  unroutable(order: number, now: number): void {
    this.#failures.unroutable++;
    this.#ledger.failed(order, 'unroutable', now, 0, 0, 0);
    this.#lastMs = Math.max(this.#lastMs, now);
  }

  /** A request has its answer. One record, since numbers that are handed over are numbers that are allocated. */
  served(stay: Stay): void {
    const { arrivedMs, endMs } = stay;
    const at = this.#held++;
    this.#handles[at] = stay.handle;
    this.#orders[at] = stay.order;
    this.#arrivedMs[at] = arrivedMs;
    this.#busyMs[at] = stay.busyMs;
    this.#waits.values[at] = stay.beganMs - arrivedMs;
    this.#responses.values[at] = endMs - arrivedMs;
    if (endMs > this.#lastMs) this.#lastMs = endMs;
    if (!this.plain) this.#detail(stay);
    if (at === LONGEST - 1) this.#settle();
  }

  /** What is kept of a request only where somebody asked for it. */
  #detail({ handle, order, arrivedMs, beganMs, endMs }: Stay): void {
    this.transient?.served(order, arrivedMs, beganMs - arrivedMs, endMs - arrivedMs);
    if (this.#bucketMs > 0) this.#step(handle, endMs).completed++;
  }

  /** Counts what was put aside. Sums depend on their order in the last digit, so it comes before all that is added later. */
  #settle(): void {
    const count = this.#held;
    this.#settlePicks();
    this.#tallies.ends(count, this.#handles, this.#busyMs);
    this.#ledger.ends(count, this.#orders, this.#arrivedMs, this.#waits, this.#busyMs, this.#responses);
    this.#held = 0;
  }

  /** The same of picks. */
  #settlePicks(): void {
    this.#tallies.picked(this.#picks, this.#picked);
    this.#picks = 0;
  }

  /** Requests from the one of that order on that may be told of as one block. */
  room(order: number): number {
    return this.#blocks.room(order);
  }

  /**
   * The requests in the columns, the first of that order, have all been picked for and served; the same as `picked` and
   * `served` for each, in a fraction of the time. Only where neither timeline nor start is kept.
   */
  block(order: number, count: number): void {
    this.#settle();
    this.#lastMs = Math.max(this.#lastMs, this.#blocks.add(order, count));
  }

  /**
   * A request has failed at `now`, having kept a worker busy for so long.
   * @param beganMs when its service began, Infinity where it never did
   */
  failed(
    handle: number,
    outcome: Failure,
    order: number,
    arrivedMs: number,
    busyMs: number,
    now: number,
    beganMs: number,
  ): void {
    this.#settle();
    this.#tallies.failed(handle, busyMs);
    this.#failures[outcome]++;
    const stayMs = IN_SYSTEM.includes(outcome) ? now - arrivedMs : 0;
    const waitMs = Math.min(stayMs, beganMs - arrivedMs);
    this.#ledger.failed(order, outcome, arrivedMs, stayMs, busyMs, waitMs);
    this.transient?.stayed(arrivedMs, stayMs);
    if (this.#bucketMs > 0) this.#step(handle, now).failed++;
    if (now > this.#lastMs) this.#lastMs = now;
  }

  /** A try ended in vain, though its request may yet be served by another. */
  failedTry(handle: number, order: number, busyMs: number, now: number): void {
    this.#tallies.failed(handle, 0);
    if (this.#bucketMs > 0) this.#step(handle, now).failed++;
    this.wasted(handle, order, busyMs);
  }

  /** A worker was busy for so long with a try of which nobody waits for the answer. */
  wasted(handle: number, order: number, busyMs: number): void {
    if (busyMs === 0) return;
    this.#settle();
    this.#tallies.worked(handle, busyMs);
    this.#ledger.wasted(order, busyMs);
  }

  retried(): void {
    this.#retries++;
  }

  hedged(): void {
    this.#hedges++;
  }

  /** Time that workers of all replicas were busy, of services that have ended. */
  get busyMs(): number {
    this.#settle();
    return this.#tallies.busyMs;
  }

  /** By batches of arrivals; what intervals come from. */
  get ledger(): Ledger {
    this.#settle();
    this.#blocks.settle();
    return this.#ledger;
  }

  get workers(): number {
    return workersOf(this.#scenario, this.#tallies.all(), this.ledger.lastArrivalMs);
  }

  result(tables: Tables = labTables, keep?: Keep): Result {
    this.#settle();
    const tallies = this.#tallies.all();
    const replicas = replicaRows(tallies, this.#scenario.workers, this.#lastMs);
    const workers = workersOf(this.#scenario, tallies, this.ledger.lastArrivalMs);
    const completed = tallies.reduce((total, tally) => total + tally.completed, 0);
    const failed = Object.values<number>({ ...this.#failures }).reduce((total, n) => total + n, 0);
    const summary = {
      requests: completed + failed,
      completed,
      failures: this.#failures,
      retries: this.#retries,
      hedges: this.#hedges,
      ...evenness(replicas),
      responseMs: responsesOf(this.ledger, completed),
      durationMs: this.#lastMs,
      ...steadyState(this.#scenario, this.ledger, replicas, workers, tables, keep),
    };
    return {
      engine: 'sim',
      scenario: this.#scenario,
      summary,
      replicas,
      events: this.#events,
      timeline: timelineOf(tallies, this.#bucketMs, this.#lastMs),
    };
  }

  #step(handle: number, now: number): Step {
    return this.#tallies.step(handle, Math.floor(now / this.#bucketMs));
  }
}
