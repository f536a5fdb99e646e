/** Requests come, one after the other, until so many have; the run is over when the last of them has ended. */
import { stream } from '../core/random/stream.ts';
import type { Backlog } from '../core/stats/backlog.ts';
import { workloadOf } from '../core/resolve.ts';
import type { Workload } from '../core/resolve.ts';
import type { Tables } from '../core/tables.ts';
import { Ahead } from './ahead.ts';
import { Caller } from './caller.ts';
import type { Carrier, Ends } from './carrier.ts';
import { Direct } from './direct.ts';
import type { Kernel, Kind } from './kernel.ts';
import { PicksAhead } from './picks-ahead.ts';
import type { Stage } from './stage.ts';
import { Trips } from './trips.ts';

/** Called now and then with the number of requests sent so far. */
export type Progress = (sent: number) => void;

/** A power of two. */
const PROGRESS_EVERY = 16_384;

/** The flow of requests through one run. */
export class Traffic implements Ends {
  readonly carrier: Carrier;

  #sent = 0;
  #done = 0;
  readonly #most: number;
  readonly #stage: Stage;
  readonly #kernel: Kernel;
  readonly #backlog: Backlog | undefined;
  readonly #progress: Progress;
  readonly #workload: Workload;
  readonly #caller: Caller;
  readonly #work: Ahead;
  readonly #think: Ahead | undefined;
  /** Arrivals have come to an end. */
  #dry = false;
  readonly #arrival: Kind;

  constructor(stage: Stage, tables: Tables, progress: Progress) {
    const { kernel, members, scenario: s } = stage;
    this.#stage = stage;
    this.#kernel = kernel;
    this.#backlog = stage.recorder.backlog;
    this.#most = s.requests;
    this.#progress = progress;
    this.#workload = workloadOf(s, tables);
    const { arrivals, key, serviceMs } = this.#workload;
    this.#caller = new Caller(key, stream(s.seed, 'keys'));
    this.#work = new Ahead(serviceMs, stream(s.seed, 'service'));
    this.#think =
      arrivals.kind === 'closed' ? new Ahead(arrivals.thinkMs, stream(s.seed, 'arrivals')) : undefined;
    this.#arrival = kernel.frequent(() => {
      this.#arrive();
    });
    const [balancer] = members.balancers;
    const ahead = PicksAhead.suits(s, balancer) ? new PicksAhead(s, balancer, key) : undefined;
    const Way = Direct.suits(stage) ? Direct : Trips;
    this.carrier = new Way(stage, tables, this.#caller, ahead, this);
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

  /** In a closed loop the client hears of the end so much later, thinks, and sends the next. */
  over(lateMs: number): void {
    this.#done++;
    this.#stopIfOver();
    if (this.#think) this.#kernel.at(this.#kernel.now + lateMs + this.#think.next(), this.#arrival, 0, 0);
  }

  /** That there is nobody is known at once, but a client hears of it as late as of a refusal. */
  unroutable(order: number): void {
    this.#stage.recorder.unroutable(order, this.#kernel.now);
    this.over(this.#stage.scenario.refuse);
  }

  /** Every arrival has its own key and service time, whatever the policy: common random numbers. */
  #arrive(): void {
    const order = this.#sent;
    if (order === this.#most) return;
    this.#sent = order + 1;
    if ((order & (PROGRESS_EVERY - 1)) === PROGRESS_EVERY - 1) this.#progress(order + 1);
    const workMs = this.#work.next();
    this.#backlog?.add(order, this.#kernel.now, workMs);
    this.#caller.next(workMs);
    this.carrier.arrived(order);
  }

  /** The run is over when the last request has ended. */
  #stopIfOver(): void {
    if (this.#done === this.#most || (this.#dry && this.#done === this.#sent)) this.#kernel.stop();
  }
}
