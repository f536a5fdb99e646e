/** Requests to which something may happen on their way: they end when the last of their tries has, one way or another. */
import { stream } from '../core/random/stream.ts';
import { samplerOf } from '../core/resolve.ts';
import type { Tables } from '../core/tables.ts';
import { NONE } from '../core/types.ts';
import type { Balancer, Outcome, Random } from '../core/types.ts';
import { Ahead } from './ahead.ts';
import type { Caller } from './caller.ts';
import type { Carrier, Ends } from './carrier.ts';
import { Delivery } from './delivery.ts';
import type { Discipline } from './discipline.ts';
import type { PicksAhead } from './picks-ahead.ts';
import type { Probes } from './probes.ts';
import type { Failure } from './recorder.ts';
import { Resends } from './resends.ts';
import type { Server } from './server.ts';
import type { Stage } from './stage.ts';
import { ARRIVED_AT, ORDER } from './tries.ts';

/** Deals requests to balancers and sends them, again if need be. */
export class Trips implements Carrier {
  readonly #stage: Stage;
  readonly #caller: Caller;
  readonly #balancers: readonly Balancer[];
  readonly #ahead: PicksAhead | undefined;
  readonly #ends: Ends;
  readonly #delivery: Delivery;
  readonly #patience: Ahead | undefined;
  readonly #dealing: Random;
  /** What is known of requests where they may be sent again; elsewhere a request is no more than its try. */
  readonly #resends: Resends | undefined;

  constructor(stage: Stage, tables: Tables, caller: Caller, ahead: PicksAhead | undefined, ends: Ends) {
    const { scenario: s } = stage;
    this.#stage = stage;
    this.#caller = caller;
    this.#balancers = stage.members.balancers;
    this.#ahead = ahead;
    this.#ends = ends;
    const patience = samplerOf(s.patience, tables);
    this.#patience = patience && new Ahead(patience, stream(s.seed, 'patience'));
    this.#dealing = stream(s.seed, 'dealing');
    const resends = Resends.wanted(s) ? new Resends(stage, caller, tables) : undefined;
    this.#resends = resends;
    const ended = (owner: number, row: number, outcome: Outcome): void => {
      if (outcome === 'ok') this.#win(owner, row);
      else if (outcome !== 'cancelled') this.#failed(owner, row, outcome);
    };
    this.#delivery = new Delivery(stage, { requests: resends?.requests, ahead, ended }, tables);
    resends?.open(this.#delivery, (order) => {
      ends.unroutable(order);
    });
  }

  get discipline(): Discipline {
    return this.#delivery.discipline;
  }

  get probes(): Probes | undefined {
    return this.#delivery.probes;
  }

  arrived(order: number): void {
    const { now } = this.#stage.kernel;
    const { workMs } = this.#caller;
    const n = this.#balancers.length === 1 ? 0 : this.#deal(order);
    const patientUntil = this.#patience === undefined ? 0 : now + this.#patience.next();
    if (this.#resends) {
      this.#resends.arrived(order, n, workMs, patientUntil, now);
      return;
    }
    const handle = this.#ahead ? this.#ahead.next() : this.#balancers[n].pick(this.#caller, now);
    this.#delivery.probes?.ask(n, now);
    if (handle === NONE) this.#ends.unroutable(order);
    else this.#delivery.send(this.#delivery.open(order, now, workMs, n, handle, patientUntil), n, handle);
  }

  lose(server: Server, now: number): void {
    this.#delivery.lose(server, now);
  }

  release(server: Server): void {
    this.#delivery.release(server);
  }

  /** The balancer that a request comes to. */
  #deal(order: number): number {
    const { balancers, deal } = this.#stage.scenario;
    return deal === 'random' ? Math.floor(this.#dealing() * balancers) : order % balancers;
  }

  /** The first answer ends the request; its other tries are not needed any more. */
  #win(owner: number, row: number): void {
    const { kernel, recorder } = this.#stage;
    const { stay, tries } = this.#delivery;
    const arrivedMs = tries.ms[row + ARRIVED_AT];
    stay.order = tries.ints[row + ORDER];
    stay.arrivedMs = arrivedMs;
    stay.endMs = kernel.now;
    recorder.served(stay);
    this.#resends?.answered(owner, arrivedMs, kernel.now);
    this.#ends.over(0);
  }

  /** A try has failed: another one is under way, or is sent, or that was the request's end. */
  #failed(owner: number, row: number, outcome: Failure): void {
    const { kernel, recorder } = this.#stage;
    const { now } = kernel;
    const { stay, tries } = this.#delivery;
    const { beganMs, busyMs, handle } = stay;
    const order = tries.ints[row + ORDER];
    const busy = outcome === 'timeout' ? 0 : busyMs; // the replica may not know and go on
    if (this.#resends?.goesOn(owner, outcome, now)) {
      recorder.failedTry(handle, order, busy, now);
      return;
    }
    recorder.failed(handle, outcome, order, tries.ms[row + ARRIVED_AT], busy, now, beganMs);
    this.#resends?.requests.release(owner);
    this.#ends.over(0);
  }
}
