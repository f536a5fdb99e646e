/** Requests: they arrive, are sent to a replica, again if need be, and end in one of the outcomes. */
import { stream } from '../core/random/stream.ts';
import { samplerOf, workloadOf } from '../core/resolve.ts';
import type { Workload } from '../core/resolve.ts';
import type { Tables } from '../core/tables.ts';
import { NONE } from '../core/types.ts';
import type { Outcome, Random, Request, Sampler } from '../core/types.ts';
import { Budget } from './budget.ts';
import { Delivery } from './delivery.ts';
import { HedgeDelay } from './hedge.ts';
import type { Kind } from './kernel.ts';
import type { Failure } from './recorder.ts';
import { Requests } from './requests.ts';
import type { Stage } from './stage.ts';

type Purpose = 'arrivals' | 'keys' | 'service' | 'dealing' | 'patience' | 'backoff';
const PURPOSES: readonly Purpose[] = ['arrivals', 'keys', 'service', 'dealing', 'patience', 'backoff'];

/** The flow of requests through one run. */
export class Traffic {
  sent = 0;
  done = 0;
  readonly requests = new Requests();
  readonly delivery: Delivery;

  readonly #stage: Stage;
  readonly #workload: Workload;
  readonly #random: Readonly<Record<Purpose, Random>>;
  readonly #request: Request & { workMs: number } = { key: 0, workMs: 0 };
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

  constructor(stage: Stage, tables: Tables) {
    const { kernel, members, scenario: s } = stage;
    this.#stage = stage;
    this.#workload = workloadOf(s, tables);
    const streams = PURPOSES.map((purpose) => [purpose, stream(s.seed, purpose)]);
    this.#random = Object.fromEntries(streams) as Record<Purpose, Random>;
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
      if (this.requests.use[request] === use) this.#sendHedge(request, now);
    });
    const ended = (request: number, row: number, outcome: Outcome, now: number): void => {
      if (outcome === 'ok') this.#win(request, row, now);
      else if (outcome !== 'cancelled') this.#failed(request, row, outcome, now);
    };
    this.delivery = new Delivery(stage, this.requests, ended, tables);
  }

  /** True when the last request has ended. */
  get over(): boolean {
    return this.done === this.#stage.scenario.requests || (this.#dry && this.requests.size === 0);
  }

  /** Schedules the first arrivals: one after a first gap, or all clients at once. */
  open(): void {
    const { arrivals } = this.#workload;
    const { kernel, scenario } = this.#stage;
    if (arrivals.kind === 'closed') {
      for (let client = 0; client < arrivals.clients; client++) kernel.at(0, this.#arrival);
      return;
    }
    const { arrivals: random } = this.#random;
    const next = (now: number): number => {
      const at = this.sent === scenario.requests ? Infinity : now + arrivals.gapMs(random);
      this.#dry = at === Infinity;
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
    if (this.sent === scenario.requests) return;
    this.sent++;
    const { key, serviceMs } = this.#workload;
    const { keys, patience, service } = this.#random;
    this.#request.key = key(keys);
    const n = this.#deal();
    const request = this.requests.take(this.sent - 1, now, serviceMs(service), n);
    if (this.#patience) this.requests.patientUntilMs[request] = now + this.#patience(patience);
    if (this.#again) {
      this.requests.keys[request] = this.#request.key;
      this.#budgets[n].pay(now);
    }
    if (this.#hedge && this.#hedge.ms < Infinity)
      kernel.at(now + this.#hedge.ms, this.#hedging, request, this.requests.use[request]);
    this.#send(request, now);
  }

  /** The balancer that a request comes to. */
  #deal(): number {
    const { balancers, deal } = this.#stage.scenario;
    if (balancers === 1) return 0;
    return deal === 'random' ? Math.floor(this.#random.dealing() * balancers) : (this.sent - 1) % balancers;
  }

  /** Sends a request to the replica that its balancer picks. */
  #send(request: number, now: number): void {
    const { balancers } = this.#stage.members;
    const { balancer, sent, workMs } = this.requests;
    const n = balancer[request];
    this.#request.workMs = workMs[request];
    const again = sent[request]++ > 0;
    const handle = again ? this.#pickAgain(request, n, now) : balancers[n].pick(this.#request, now);
    this.delivery.probes?.ask(n, now);
    if (handle === NONE) {
      this.#unroutable(request, now);
      return;
    }
    if (this.#again) this.requests.remember(request, handle);
    this.delivery.send(request, handle, now);
  }

  #pickAgain(request: number, n: number, now: number): number {
    const { members, scenario } = this.#stage;
    this.#request.key = this.requests.keys[request];
    if (scenario.retryAt === 'anywhere') return members.balancers[n].pick(this.#request, now);
    return members.other(n, this.#request, this.requests.tried.get(request) ?? [], now);
  }

  /** Nobody to send to: that is known at once, but a client hears of it as late as of a refusal. */
  #unroutable(request: number, now: number): void {
    const { recorder, scenario } = this.#stage;
    if (this.requests.latest[request] !== NONE) return; // a hedge; the first try goes on
    if (this.#tryAgain(request, now, scenario.refuse)) return;
    recorder.unroutable(this.requests.order[request], now);
    this.#over(request, now + scenario.refuse);
  }

  /** The first answer ends the request; its other tries are not needed any more. */
  #win(request: number, row: number, now: number): void {
    const { beganMs, busyMs, handle } = this.delivery.tries;
    const arrivedMs = this.requests.arrivedMs[request];
    const order = this.requests.order[request];
    const waitMs = beganMs[row] - arrivedMs;
    this.#stage.recorder.served(handle[row], order, arrivedMs, waitMs, busyMs[row], now);
    if (this.#again) this.delivery.cancel(request, now);
    this.#hedge?.answered(now - arrivedMs);
    this.#over(request, now);
  }

  /** A try has failed: another one is under way, or is sent, or that was the request's end. */
  #failed(request: number, row: number, outcome: Failure, now: number): void {
    const { recorder } = this.#stage;
    const { busyMs, handle } = this.delivery.tries;
    const { arrivedMs, latest, order } = this.requests;
    const busy = outcome === 'timeout' ? 0 : busyMs[row]; // the replica may not know and go on
    if (latest[request] !== NONE || (outcome !== 'abandoned' && this.#tryAgain(request, now, 0))) {
      recorder.failedTry(handle[row], order[request], busy, now);
      return;
    }
    recorder.failed(handle[row], outcome, order[request], arrivedMs[request], busy, now);
    this.#over(request, now);
  }

  #tryAgain(request: number, now: number, notBeforeMs: number): boolean {
    const { kernel, recorder, scenario } = this.#stage;
    const { balancer, sent } = this.requests;
    if (sent[request] > scenario.retries || !this.#budgets[balancer[request]].take(now)) return false;
    recorder.retried();
    const waitMs = this.#backoff?.(this.#random.backoff) ?? 0;
    kernel.at(now + Math.max(notBeforeMs, waitMs), this.#retry, request);
    return true;
  }

  #sendHedge(request: number, now: number): void {
    const { balancer, latest } = this.requests;
    if (latest[request] === NONE) return; // a retry is on its way already
    if (!this.#budgets[balancer[request]].take(now)) return;
    this.#stage.recorder.hedged();
    this.#send(request, now);
  }

  /** A request has ended; in a closed loop its client thinks, then sends the next. */
  #over(request: number, freeMs: number): void {
    const { arrivals } = this.#workload;
    this.requests.release(request);
    this.done++;
    if (arrivals.kind === 'open') return;
    this.#stage.kernel.at(freeMs + arrivals.thinkMs(this.#random.arrivals), this.#arrival);
  }
}
