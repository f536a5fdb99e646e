/** Requests: they arrive, are sent to a replica, again if need be, and end in one of the outcomes. */
import { stream } from '../core/random/stream.ts';
import { samplerOf, workloadOf } from '../core/resolve.ts';
import type { Workload } from '../core/resolve.ts';
import type { Tables } from '../core/tables.ts';
import { NONE } from '../core/types.ts';
import type { Balancer, Outcome, Random } from '../core/types.ts';
import { Ahead } from './ahead.ts';
import { Caller } from './caller.ts';
import { Delivery } from './delivery.ts';
import type { Kernel, Kind } from './kernel.ts';
import { PicksAhead } from './picks-ahead.ts';
import type { Failure, Recorder } from './recorder.ts';
import { Resends } from './resends.ts';
import type { Stage } from './stage.ts';
import { ARRIVED_AT, ORDER } from './tries.ts';
import type { Tries } from './tries.ts';

/** Called now and then with the number of requests sent so far. */
export type Progress = (sent: number) => void;

/** A power of two. */
const PROGRESS_EVERY = 16_384;

/** The flow of requests through one run. */
export class Traffic {
  readonly delivery: Delivery;

  #sent = 0;
  #done = 0;
  readonly #most: number;
  readonly #stage: Stage;
  readonly #kernel: Kernel;
  readonly #recorder: Recorder;
  readonly #balancers: readonly Balancer[];
  readonly #tries: Tries;
  readonly #progress: Progress;
  readonly #workload: Workload;
  readonly #caller: Caller;
  readonly #work: Ahead;
  readonly #think: Ahead | undefined;
  readonly #patience: Ahead | undefined;
  readonly #dealing: Random;
  /** What is known of requests where they may be sent again; elsewhere a request is no more than its try. */
  readonly #resends: Resends | undefined;
  readonly #ahead: PicksAhead | undefined;
  /** Arrivals have come to an end. */
  #dry = false;
  readonly #arrival: Kind;

  constructor(stage: Stage, tables: Tables, progress: Progress) {
    const { kernel, members, scenario: s } = stage;
    this.#stage = stage;
    this.#kernel = kernel;
    this.#recorder = stage.recorder;
    this.#balancers = members.balancers;
    this.#most = s.requests;
    this.#progress = progress;
    this.#workload = workloadOf(s, tables);
    const { arrivals, key, serviceMs } = this.#workload;
    this.#caller = new Caller(key, stream(s.seed, 'keys'));
    this.#work = new Ahead(serviceMs, stream(s.seed, 'service'));
    this.#think =
      arrivals.kind === 'closed' ? new Ahead(arrivals.thinkMs, stream(s.seed, 'arrivals')) : undefined;
    const patience = samplerOf(s.patience, tables);
    this.#patience = patience && new Ahead(patience, stream(s.seed, 'patience'));
    this.#dealing = stream(s.seed, 'dealing');

    this.#arrival = kernel.frequent(() => {
      this.#arrive();
    });
    const ended = (owner: number, row: number, outcome: Outcome): void => {
      if (outcome === 'ok') this.#win(owner, row);
      else if (outcome !== 'cancelled') this.#failed(owner, row, outcome);
    };
    const resends = Resends.wanted(s) ? new Resends(stage, this.#caller, tables) : undefined;
    this.#resends = resends;
    const [balancer] = members.balancers;
    this.#ahead = PicksAhead.suits(s, balancer) ? new PicksAhead(s, balancer, key) : undefined;
    this.delivery = new Delivery(stage, { requests: resends?.requests, ahead: this.#ahead, ended }, tables);
    this.#tries = this.delivery.tries;
    resends?.open(this.delivery, (order, now) => {
      this.#unroutable(order, now);
    });
  }

  /** Schedules the first arrivals: one after a first gap, or all clients at once. */
  open(): void {
    const { arrivals } = this.#workload;
    if (arrivals.kind === 'closed') {
      for (let client = 0; client < arrivals.clients; client++) this.#kernel.at(0, this.#arrival, 0, 0);
      return;
    }
    const gaps = new Ahead(arrivals.gapMs, stream(this.#stage.scenario.seed, 'arrivals'));
    const kernel = this.#kernel;
    const next = (): void => {
      const at = this.#sent === this.#most ? Infinity : kernel.now + gaps.next();
      kernel.comes(at);
      if (at < Infinity) return;
      this.#dry = true;
      this.#stopIfOver();
    };
    kernel.source(() => {
      this.#arrive();
      next();
    });
    next();
  }

  /** Every arrival has its own key and service time, whatever the policy: common random numbers. */
  #arrive(): void {
    const order = this.#sent;
    if (order === this.#most) return;
    const { now } = this.#kernel;
    this.#sent = order + 1;
    if ((order & (PROGRESS_EVERY - 1)) === PROGRESS_EVERY - 1) this.#progress(order + 1);
    const n = this.#balancers.length === 1 ? 0 : this.#deal(order);
    const workMs = this.#work.next();
    const patientUntil = this.#patience === undefined ? 0 : now + this.#patience.next();
    this.#caller.next(workMs);
    if (this.#resends) {
      this.#resends.arrived(order, n, workMs, patientUntil, now);
      return;
    }
    const handle = this.#ahead ? this.#ahead.next() : this.#balancers[n].pick(this.#caller, now);
    this.delivery.probes?.ask(n, now);
    if (handle === NONE) {
      this.#unroutable(order, now);
      return;
    }
    const row = this.#tries.take(order, now, workMs);
    this.delivery.paths?.open(row, n, handle, patientUntil, now);
    this.delivery.send(row, n, handle);
  }

  /** The balancer that a request comes to. */
  #deal(order: number): number {
    const { balancers, deal } = this.#stage.scenario;
    return deal === 'random' ? Math.floor(this.#dealing() * balancers) : order % balancers;
  }

  /** Nobody to send to: that is known at once, but a client hears of it as late as of a refusal. */
  #unroutable(order: number, now: number): void {
    this.#recorder.unroutable(order, now);
    this.#over(this.#stage.scenario.refuse);
  }

  /** The first answer ends the request; its other tries are not needed any more. */
  #win(owner: number, row: number): void {
    const { now } = this.#kernel;
    const { ints, ms } = this.#tries;
    const { beganMs, busyMs, handle } = this.delivery.visit;
    const arrivedMs = ms[row + ARRIVED_AT];
    this.#recorder.served(handle, ints[row + ORDER], arrivedMs, beganMs - arrivedMs, busyMs, now);
    this.#resends?.answered(owner, arrivedMs, now);
    this.#over(0);
  }

  /** A try has failed: another one is under way, or is sent, or that was the request's end. */
  #failed(owner: number, row: number, outcome: Failure): void {
    const { now } = this.#kernel;
    const { ints, ms } = this.#tries;
    const { beganMs, busyMs, handle } = this.delivery.visit;
    const order = ints[row + ORDER];
    const busy = outcome === 'timeout' ? 0 : busyMs; // the replica may not know and go on
    if (this.#resends?.goesOn(owner, outcome, now)) {
      this.#recorder.failedTry(handle, order, busy, now);
      return;
    }
    this.#recorder.failed(handle, outcome, order, ms[row + ARRIVED_AT], busy, now, beganMs);
    this.#resends?.requests.release(owner);
    this.#over(0);
  }

  /** A request has ended; in a closed loop its client hears of it so much later, thinks, and sends the next. */
  #over(lateMs: number): void {
    this.#done++;
    this.#stopIfOver();
    if (this.#think) this.#kernel.at(this.#kernel.now + lateMs + this.#think.next(), this.#arrival, 0, 0);
  }

  /** The run is over when the last request has ended. */
  #stopIfOver(): void {
    if (this.#done === this.#most || (this.#dry && this.#done === this.#sent)) this.#kernel.stop();
  }
}
