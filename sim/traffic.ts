/** Requests: they arrive, are sent to a replica, again if need be, and end in one of the outcomes. */
import { stream } from '../core/random/stream.ts';
import { samplerOf, workloadOf } from '../core/resolve.ts';
import type { Workload } from '../core/resolve.ts';
import type { Tables } from '../core/tables.ts';
import { NONE } from '../core/types.ts';
import type { Outcome, Random, Request, Sampler } from '../core/types.ts';
import { Ahead } from './ahead.ts';
import { Budget } from './budget.ts';
import { Delivery } from './delivery.ts';
import { HedgeDelay } from './hedge.ts';
import type { Kind } from './kernel.ts';
import type { Failure } from './recorder.ts';
import { ARRIVED_AT, BALANCER, LATEST, ORDER, PATIENT_UNTIL, Requests, USE, WORK } from './requests.ts';
import type { Stage } from './stage.ts';
import { BEGAN_AT, BUSY, HANDLE } from './tries.ts';

type Purpose = 'arrivals' | 'keys' | 'service' | 'dealing' | 'patience' | 'backoff';
const PURPOSES: readonly Purpose[] = ['arrivals', 'keys', 'service', 'dealing', 'patience', 'backoff'];

/** Called now and then with the number of requests sent so far. */
export type Progress = (sent: number) => void;

/** A power of two. */
const PROGRESS_EVERY = 16_384;

/** The flow of requests through one run. */
export class Traffic {
  readonly requests = new Requests();
  readonly delivery: Delivery;

  #sent = 0;
  #done = 0;
  readonly #stage: Stage;
  readonly #progress: Progress;
  readonly #workload: Workload;
  readonly #random: Readonly<Record<Purpose, Random>>;
  readonly #request: Request & { workMs: number } = { key: 0, workMs: 0 };
  readonly #work: Ahead;
  readonly #patience: Sampler | undefined;
  readonly #backoff: Sampler | undefined;
  readonly #hedge: HedgeDelay | undefined;
  /** One for each balancer where requests may be sent again, else none. */
  readonly #budgets: readonly Budget[];
  readonly #again: boolean;
  /** Arrivals have come to an end. */
  #dry = false;
  readonly #arrival: Kind;
  readonly #retry: Kind;
  readonly #hedging: Kind;

  constructor(stage: Stage, tables: Tables, progress: Progress) {
    const { kernel, members, scenario: s } = stage;
    this.#stage = stage;
    this.#progress = progress;
    this.#workload = workloadOf(s, tables);
    const streams = PURPOSES.map((purpose) => [purpose, stream(s.seed, purpose)]);
    this.#random = Object.fromEntries(streams) as Record<Purpose, Random>;
    this.#work = new Ahead(this.#workload.serviceMs, this.#random.service);
    this.#patience = samplerOf(s.patience, tables);
    this.#backoff = samplerOf(s.backoff, tables);
    this.#hedge = s.hedge === 'none' ? undefined : new HedgeDelay(s.hedge);
    this.#again = s.retries > 0 || this.#hedge !== undefined;
    this.#budgets = this.#again ? members.balancers.map(() => new Budget(s.retryBudget, s.retryReserve)) : [];

    this.#arrival = kernel.kind((_subject, _detail, now) => {
      this.#arrive(now);
    });
    this.#retry = kernel.kind((request, _detail, now) => {
      this.#send(request, now);
    });
    this.#hedging = kernel.kind((request, use, now) => {
      if (this.requests.ints[request + USE] === use) this.#sendHedge(request, now);
    });
    const ended = (request: number, row: number, outcome: Outcome, now: number): void => {
      if (outcome === 'ok') this.#win(request, row, now);
      else if (outcome !== 'cancelled') this.#failed(request, row, outcome, now);
    };
    this.delivery = new Delivery(stage, this.requests, ended, tables);
  }

  /** Schedules the first arrivals: one after a first gap, or all clients at once. */
  open(): void {
    const { arrivals } = this.#workload;
    const { kernel, scenario } = this.#stage;
    if (arrivals.kind === 'closed') {
      for (let client = 0; client < arrivals.clients; client++) kernel.at(0, this.#arrival);
      return;
    }
    const gaps = new Ahead(arrivals.gapMs, this.#random.arrivals);
    const next = (now: number): number => {
      const at = this.#sent === scenario.requests ? Infinity : now + gaps.next();
      if (at === Infinity) {
        this.#dry = true;
        this.#stopIfOver();
      }
      return at;
    };
    kernel.source(next(0), (now) => {
      this.#arrive(now);
      return next(now);
    });
  }

  /** Every arrival draws its key and service time in turn, whatever the policy: common random numbers. */
  #arrive(now: number): void {
    const { kernel, scenario } = this.#stage;
    if (this.#sent === scenario.requests) return;
    const order = this.#sent++;
    if ((this.#sent & (PROGRESS_EVERY - 1)) === 0) this.#progress(this.#sent);
    this.#request.key = this.#workload.key(this.#random.keys);
    const n = this.#deal(order);
    const request = this.requests.take(order, now, this.#work.next(), n);
    if (this.#patience)
      this.requests.ms[request + PATIENT_UNTIL] = now + this.#patience(this.#random.patience);
    if (this.#again) {
      this.requests.follow(request, this.#request.key);
      this.#budgets[n].pay(now);
    }
    if (this.#hedge && this.#hedge.ms < Infinity)
      kernel.at(now + this.#hedge.ms, this.#hedging, request, this.requests.ints[request + USE]);
    this.#send(request, now);
  }

  /** The balancer that a request comes to. */
  #deal(order: number): number {
    const { balancers, deal } = this.#stage.scenario;
    if (balancers === 1) return 0;
    return deal === 'random' ? Math.floor(this.#random.dealing() * balancers) : order % balancers;
  }

  /** Sends a request to the replica that its balancer picks. */
  #send(request: number, now: number): void {
    const { balancers } = this.#stage.members;
    const { ints, ms } = this.requests;
    const n = ints[request + BALANCER];
    this.#request.workMs = ms[request + WORK];
    const handle = this.#again ? this.#pickAgain(request, n, now) : balancers[n].pick(this.#request, now);
    this.delivery.probes?.ask(n, now);
    if (handle === NONE) {
      this.#unroutable(request, now);
      return;
    }
    if (this.#again) this.requests.remember(request, handle);
    this.delivery.send(request, handle, now);
  }

  /** A pick for a request that may have been sent before. */
  #pickAgain(request: number, n: number, now: number): number {
    const { members, scenario } = this.#stage;
    const { requests } = this;
    this.#request.key = requests.keyOf(request);
    const first = requests.sent(request) === 0;
    requests.count(request);
    if (first || scenario.retryAt === 'anywhere') return members.balancers[n].pick(this.#request, now);
    return members.other(n, this.#request, requests.tried(request), now);
  }

  /** Nobody to send to: that is known at once, but a client hears of it as late as of a refusal. */
  #unroutable(request: number, now: number): void {
    const { recorder, scenario } = this.#stage;
    if (this.requests.ints[request + LATEST] !== NONE) return; // a hedge; the first try goes on
    if (this.#tryAgain(request, now, scenario.refuse)) return;
    recorder.unroutable(this.requests.ints[request + ORDER], now);
    this.#over(request, now + scenario.refuse);
  }

  /** The first answer ends the request; its other tries are not needed any more. */
  #win(request: number, row: number, now: number): void {
    const { ints, ms } = this.delivery.tries;
    const arrivedMs = this.requests.ms[request + ARRIVED_AT];
    const order = this.requests.ints[request + ORDER];
    const waitMs = ms[row + BEGAN_AT] - arrivedMs;
    this.#stage.recorder.served(ints[row + HANDLE], order, arrivedMs, waitMs, ms[row + BUSY], now);
    if (this.#again) this.delivery.cancel(request, now);
    this.#hedge?.answered(now - arrivedMs);
    this.#over(request, now);
  }

  /** A try has failed: another one is under way, or is sent, or that was the request's end. */
  #failed(request: number, row: number, outcome: Failure, now: number): void {
    const { recorder } = this.#stage;
    const { tries } = this.delivery;
    const { ints, ms } = this.requests;
    const handle = tries.ints[row + HANDLE];
    const order = ints[request + ORDER];
    const busy = outcome === 'timeout' ? 0 : tries.ms[row + BUSY]; // the replica may not know and go on
    if (ints[request + LATEST] !== NONE || (outcome !== 'abandoned' && this.#tryAgain(request, now, 0))) {
      recorder.failedTry(handle, order, busy, now);
      return;
    }
    const beganMs = tries.ms[row + BEGAN_AT];
    recorder.failed(handle, outcome, order, ms[request + ARRIVED_AT], busy, now, beganMs);
    this.#over(request, now);
  }

  #tryAgain(request: number, now: number, notBeforeMs: number): boolean {
    const { kernel, recorder, scenario } = this.#stage;
    const { requests } = this;
    if (scenario.retries === 0 || requests.sent(request) > scenario.retries) return false;
    if (!this.#budgets[requests.ints[request + BALANCER]].take(now)) return false;
    recorder.retried();
    const waitMs = this.#backoff?.(this.#random.backoff) ?? 0;
    kernel.at(now + Math.max(notBeforeMs, waitMs), this.#retry, request);
    return true;
  }

  #sendHedge(request: number, now: number): void {
    const { ints } = this.requests;
    if (ints[request + LATEST] === NONE) return; // a retry is on its way already
    if (!this.#budgets[ints[request + BALANCER]].take(now)) return;
    this.#stage.recorder.hedged();
    this.#send(request, now);
  }

  /** A request has ended; in a closed loop its client thinks, then sends the next. */
  #over(request: number, freeMs: number): void {
    const { arrivals } = this.#workload;
    this.requests.release(request);
    this.#done++;
    this.#stopIfOver();
    if (arrivals.kind === 'open') return;
    this.#stage.kernel.at(freeMs + arrivals.thinkMs(this.#random.arrivals), this.#arrival);
  }

  /** The run is over when the last request has ended. */
  #stopIfOver(): void {
    const { kernel, scenario } = this.#stage;
    if (this.#done === scenario.requests || (this.#dry && this.requests.size === 0)) kernel.stop();
  }
}
