/** Requests that may be sent again: retries after a failure, and hedges while an answer is awaited. */
import { stream } from '../core/random/stream.ts';
import { samplerOf } from '../core/resolve.ts';
import type { Scenario } from '../core/scenario.ts';
import type { Tables } from '../core/tables.ts';
import { NONE } from '../core/types.ts';
import { Ahead } from './ahead.ts';
import { Budget } from './budget.ts';
import type { Caller } from './caller.ts';
import type { Delivery } from './delivery.ts';
import { HedgeDelay } from './hedge.ts';
import type { Kind } from './kernel.ts';
import type { Failure } from './recorder.ts';
import * as of from './requests.ts';
import { Requests } from './requests.ts';
import type { Stage } from './stage.ts';

/** Hears of a request that ends without having been sent anywhere. */
type Unroutable = (order: number) => void;

/** Who is sent again, when, and where to. */
export class Resends {
  readonly requests = new Requests();

  readonly #stage: Stage;
  readonly #caller: Caller;
  readonly #backoff: Ahead | undefined;
  readonly #hedge: HedgeDelay | undefined;
  /** One for each balancer. */
  readonly #budgets: readonly Budget[];
  readonly #retry: Kind;
  readonly #hedging: Kind;
  #delivery!: Delivery;
  #unroutable!: Unroutable;

  /** Whether a scenario sends anything again. */
  static wanted({ hedge, retries }: Scenario): boolean {
    return retries > 0 || hedge !== 'none';
  }

  constructor(stage: Stage, caller: Caller, tables: Tables) {
    const { kernel, members, scenario: s } = stage;
    this.#stage = stage;
    this.#caller = caller;
    const backoff = samplerOf(s.backoff, tables);
    this.#backoff = backoff && new Ahead(backoff, stream(s.seed, 'backoff'));
    this.#hedge = s.hedge === 'none' ? undefined : new HedgeDelay(s.hedge);
    this.#budgets = members.balancers.map(() => new Budget(s.retryBudget, s.retryReserve));
    this.#retry = kernel.kind((request, _detail, now) => {
      this.#send(request, now);
    });
    this.#hedging = kernel.kind((request, use, now) => {
      if (this.requests.ints[request + of.USE] === use) this.#sendHedge(request, now);
    });
  }

  /** Names what carries tries, and who hears of requests that nobody takes. */
  open(delivery: Delivery, unroutable: Unroutable): void {
    this.#delivery = delivery;
    this.#unroutable = unroutable;
  }

  /** A request comes to the n-th balancer. */
  arrived(order: number, n: number, workMs: number, patientUntil: number, now: number): void {
    const { requests } = this;
    const request = requests.take(order, now, workMs, n);
    requests.ms[request + of.PATIENT_UNTIL] = patientUntil;
    requests.follow(request, this.#caller.key);
    this.#budgets[n].pay(now);
    if (this.#hedge && this.#hedge.ms < Infinity)
      this.#stage.kernel.at(now + this.#hedge.ms, this.#hedging, request, requests.ints[request + of.USE]);
    this.#send(request, now);
  }

  /** A request has its answer: that is its end, and the end of its other tries. */
  answered(request: number, arrivedMs: number, now: number): void {
    this.#delivery.withdrawals.cancel(this.requests, request, now);
    this.#hedge?.answered(now - arrivedMs);
    this.requests.release(request);
  }

  /** Whether a request whose try has failed goes on: with another that is under way, or one that is sent now. */
  goesOn(request: number, outcome: Failure, now: number): boolean {
    if (this.requests.ints[request + of.LATEST] !== NONE) return true;
    return outcome !== 'abandoned' && this.#tryAgain(request, now, 0);
  }

  /** Sends a request to the replica that its balancer picks. */
  #send(request: number, now: number): void {
    const { requests } = this;
    const { ints, ms } = requests;
    const n = ints[request + of.BALANCER];
    const handle = this.#pick(request, n, now);
    this.#delivery.probes?.ask(n, now);
    if (handle === NONE) {
      this.#nobody(request, now);
      return;
    }
    requests.remember(request, handle);
    const row = this.#delivery.open(
      ints[request + of.ORDER],
      ms[request + of.ARRIVED_AT],
      ms[request + of.WORK],
      request,
      handle,
      ms[request + of.PATIENT_UNTIL],
    );
    this.#delivery.send(row, n, handle);
  }

  #pick(request: number, n: number, now: number): number {
    const { members, scenario } = this.#stage;
    const { requests } = this;
    this.#caller.key = requests.keyOf(request);
    this.#caller.workMs = requests.ms[request + of.WORK];
    const first = requests.sent(request) === 0;
    requests.count(request);
    if (first || scenario.retryAt === 'anywhere') return members.balancers[n].pick(this.#caller, now);
    return members.other(n, this.#caller, requests.tried(request), now);
  }

  /** Nobody to send to, which fails no other try that is under way. */
  #nobody(request: number, now: number): void {
    const { requests } = this;
    if (requests.ints[request + of.LATEST] !== NONE) return; // a hedge; the first try goes on
    if (this.#tryAgain(request, now, this.#stage.scenario.refuse)) return;
    const order = requests.ints[request + of.ORDER];
    requests.release(request);
    this.#unroutable(order);
  }

  #tryAgain(request: number, now: number, notBeforeMs: number): boolean {
    const { kernel, recorder, scenario } = this.#stage;
    const { requests } = this;
    if (scenario.retries === 0 || requests.sent(request) > scenario.retries) return false;
    if (!this.#budgets[requests.ints[request + of.BALANCER]].take(now)) return false;
    recorder.retried();
    const waitMs = this.#backoff?.next() ?? 0;
    kernel.at(now + Math.max(notBeforeMs, waitMs), this.#retry, request, 0);
    return true;
  }

  #sendHedge(request: number, now: number): void {
    const { ints } = this.requests;
    if (ints[request + of.LATEST] === NONE) return; // a retry is on its way already
    if (!this.#budgets[ints[request + of.BALANCER]].take(now)) return;
    this.#stage.recorder.hedged();
    this.#send(request, now);
  }
}
