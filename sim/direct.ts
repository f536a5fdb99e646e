/** Requests that are no more than one try: each goes to a replica, is served or turned away, and that is all. */
import type { Tables } from '../core/tables.ts';
import { NONE } from '../core/types.ts';
import type { Balancer } from '../core/types.ts';
import type { Caller } from './caller.ts';
import type { Carrier, Ends } from './carrier.ts';
import { disciplineOf } from './disciplines.ts';
import type { Discipline } from './discipline.ts';
import type { Kernel, Kind } from './kernel.ts';
import { Paths } from './paths.ts';
import type { PicksAhead } from './picks-ahead.ts';
import { Probes } from './probes.ts';
import type { Recorder } from './recorder.ts';
import type { Stage } from './stage.ts';
import { ARRIVED_AT, newStay, ORDER, Tries } from './tries.ts';

/** What `delivery.ts` does where nothing is on the way and nobody gives up: two steps a request, one to come and one to go. */
export class Direct implements Carrier {
  readonly discipline: Discipline;
  readonly probes = undefined;

  readonly #kernel: Kernel;
  readonly #recorder: Recorder;
  readonly #caller: Caller;
  readonly #balancer: Balancer;
  readonly #ahead: PicksAhead | undefined;
  /** What the balancer wants to know of what became of requests; if all of it, their times as well. */
  readonly #sees: 'nothing' | 'some' | 'all' | undefined;
  readonly #tries = new Tries();
  readonly #stay = newStay();
  readonly #ends: Ends;
  readonly #refuseMs: number;
  readonly #refusal: Kind;

  /** Whether nothing in a scenario can come between a request and its answer. */
  static suits({ scenario, members }: Stage): boolean {
    return !Paths.wanted(scenario) && !Probes.wanted(members.balancers);
  }

  constructor(stage: Stage, tables: Tables, caller: Caller, ahead: PicksAhead | undefined, ends: Ends) {
    const { kernel, members, scenario: s } = stage;
    this.#kernel = kernel;
    this.#recorder = stage.recorder;
    this.#caller = caller;
    [this.#balancer] = members.balancers;
    this.#ahead = ahead;
    this.#sees = tables.policies.choose(s.policy).entry.sees;
    this.#ends = ends;
    this.#refuseMs = s.refuse;
    const departure = kernel.main((subject, plan) => {
      this.#depart(subject, plan);
    });
    this.#refusal = kernel.frequent((row, handle) => {
      this.#turnAway(row, handle);
    });
    this.discipline = disciplineOf(stage, this.#tries, this.#stay, departure);
  }

  arrived(order: number): void {
    const { now } = this.#kernel;
    const handle = this.#ahead ? this.#ahead.next() : this.#balancer.pick(this.#caller, now);
    if (handle === NONE) {
      this.#ends.unroutable(order);
      return;
    }
    const row = this.#tries.take(order, now, this.#caller.workMs);
    this.#recorder.picked(handle, now);
    if (this.#ahead) this.#ahead.started(handle);
    else if (this.#sees === undefined) this.#balancer.started(handle, now);
    else if (this.#sees !== 'nothing') this.#balancer.started(handle, 0); // times that nobody looks at are not worth an allocation
    if (this.discipline.offer(handle, row) === 'full')
      this.#kernel.at(now + this.#refuseMs, this.#refusal, row, handle);
  }

  #depart(subject: number, plan: number): void {
    const row = this.discipline.complete(subject, plan);
    if (row === NONE) return;
    const stay = this.#stay;
    const arrivedMs = this.#tries.ms[row + ARRIVED_AT];
    const { now } = this.#kernel;
    stay.order = this.#tries.ints[row + ORDER];
    stay.arrivedMs = arrivedMs;
    stay.endMs = now;
    if (this.#ahead) this.#ahead.finished(stay.handle);
    else if (this.#sees === undefined) this.#balancer.finished(stay.handle, now, 'ok', now - arrivedMs);
    else if (this.#sees !== 'nothing') this.#balancer.finished(stay.handle, 0, 'ok', 0);
    this.#recorder.served(stay);
    this.#tries.release(row);
    this.#ends.over(0);
  }

  /** The news that a queue was full has come. */
  #turnAway(row: number, handle: number): void {
    const { now } = this.#kernel;
    const { ints, ms } = this.#tries;
    const arrivedMs = ms[row + ARRIVED_AT];
    if (this.#ahead) this.#ahead.finished(handle);
    else if (this.#sees !== 'nothing') this.#balancer.finished(handle, now, 'rejected', now - arrivedMs);
    this.#recorder.failed(handle, 'rejected', ints[row + ORDER], arrivedMs, 0, now, Infinity);
    this.#tries.release(row);
    this.#ends.over(0);
  }

  lose(): never {
    throw new Error('A replica failed in a run without failures.');
  }

  release(): never {
    throw new Error('A partition ended in a run without any.');
  }
}
