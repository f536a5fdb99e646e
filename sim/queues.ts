/** First come, first served: c workers that each serve one request at a time, and a bounded queue. */
import { NONE } from '../core/types.ts';
import type { Discipline, Floor, Offer, Visit } from './discipline.ts';
import type { Kernel, Kind } from './kernel.ts';
import { doubled } from './pool.ts';
import { LEFT, NEXT, ORDER } from './tries.ts';
import type { Tries } from './tries.ts';
import { dequeue, enqueue, GONE } from './waiting.ts';
import {
  BEGAN,
  BUSY,
  clear,
  FIRST,
  FREE,
  HEAD,
  PLAN,
  RATE,
  ROW,
  serving,
  SHUT,
  SINCE,
  THERE,
  WORKER,
  workerOf,
} from './workers.ts';
import type { Memory } from './workers.ts';

/**
 * A queue is a chain through the rows of the tries; who leaves from its middle is marked, and let go when its turn
 * comes. A server and its workers take 32 bytes each, as `workers.ts` has it.
 */
export class Queues implements Discipline {
  readonly #kernel: Kernel;
  readonly #tries: Tries;
  readonly #visit: Visit;
  readonly #departure: Kind;
  readonly #workers: number;
  readonly #room: number;
  /** Doubles of a server with its workers. */
  readonly #stride: number;
  readonly #aStride: number; // a product is found faster than a quotient
  #ms = new Float64Array(0);
  #ints = new Int32Array(0);

  constructor(floor: Floor) {
    this.#kernel = floor.kernel;
    this.#tries = floor.tries;
    this.#visit = floor.visit;
    this.#departure = floor.departure;
    this.#workers = floor.workers;
    this.#room = floor.room;
    this.#stride = HEAD + WORKER * floor.workers;
    this.#aStride = 1 / this.#stride;
    this.#use(new Float64Array(floor.servers * this.#stride));
  }

  join(handle: number, rate: number): void {
    const at = handle * this.#stride;
    if (at === this.#ms.length) this.#use(doubled(this.#ms));
    this.#ms[at + RATE] = rate;
    clear(this.#memory, at, this.#stride);
  }

  offer(handle: number, row: number): Offer {
    const ints = this.#ints;
    const at = handle * this.#stride;
    const server = 2 * at;
    if (ints[server + SHUT] !== 0) return 'shut';
    const free = ints[server + FREE];
    if (free !== 0) {
      ints[server + THERE]++;
      ints[server + FREE] = ints[2 * (at + free) + ROW];
      this.#begin(at, at + free, row);
      return 'serve';
    }
    if (ints[server + THERE] - this.#workers >= this.#room) return 'full';
    ints[server + THERE]++;
    enqueue(ints, server, this.#tries, row);
    return 'wait';
  }

  complete(worker: number, plan: number): number {
    const ints = this.#ints;
    const ms = this.#ms;
    if (ints[2 * worker + PLAN] !== plan) return NONE;
    const visit = this.#visit;
    const handle = Math.floor(worker * this.#aStride);
    const at = handle * this.#stride;
    const row = ints[2 * worker + ROW];
    visit.handle = handle;
    visit.beganMs = ms[worker + BEGAN];
    const rate = ms[at + RATE];
    const left = this.#tries.ms[row + LEFT];
    visit.busyMs = ms[worker + BUSY] + (rate === 1 ? left : left / rate);
    this.#next(at, worker);
    return row;
  }

  withdraw(handle: number, row: number, now: number): boolean {
    const at = handle * this.#stride;
    const worker = workerOf(this.#memory, at, this.#stride, row);
    this.#tell(handle, worker, now);
    if (worker === NONE) {
      this.#ints[2 * at + THERE]--;
      this.#tries.ms[row + LEFT] = GONE;
      return false;
    }
    this.#next(at, worker);
    return true;
  }

  fail(handle: number, now: number, each: (row: number) => void): void {
    const tries = this.#tries;
    const at = handle * this.#stride;
    for (const worker of this.#serving(at)) {
      this.#tell(handle, worker, now);
      each(this.#ints[2 * worker + ROW]);
    }
    this.#tell(handle, NONE, now);
    for (let row = this.#ints[2 * at + FIRST]; row !== NONE;) {
      const next = tries.ints[row + NEXT];
      if (tries.ms[row + LEFT] === GONE) tries.release(row);
      else each(row);
      row = next;
    }
    clear(this.#memory, at, this.#stride);
  }

  beganMs(handle: number, row: number): number {
    const worker = workerOf(this.#memory, handle * this.#stride, this.#stride, row);
    return worker === NONE ? Infinity : this.#ms[worker + BEGAN];
  }

  busyMs(handle: number, now: number): number {
    const ms = this.#ms;
    let busy = 0;
    for (const worker of this.#serving(handle * this.#stride))
      busy += ms[worker + BUSY] + now - ms[worker + SINCE];
    return busy;
  }

  change(handle: number, rate: number, now: number): void {
    const at = handle * this.#stride;
    const ms = this.#ms;
    const left = this.#tries.ms;
    const serving = this.#serving(at);
    for (const worker of serving) {
      const row = this.#ints[2 * worker + ROW];
      const passed = now - ms[worker + SINCE];
      ms[worker + BUSY] += passed;
      left[row + LEFT] = Math.max(0, left[row + LEFT] - passed * ms[at + RATE]);
    }
    ms[at + RATE] = rate;
    for (const worker of serving) this.#schedule(at, worker);
  }

  shut(handle: number, yes: boolean): void {
    this.#ints[2 * handle * this.#stride + SHUT] = yes ? 1 : 0;
  }

  inFlight(handle: number): number {
    return this.#ints[2 * handle * this.#stride + THERE];
  }

  /** How the try of a worker has fared until now, or one that has none. */
  #tell(handle: number, worker: number, now: number): void {
    const visit = this.#visit;
    const ms = this.#ms;
    visit.handle = handle;
    visit.beganMs = worker === NONE ? Infinity : ms[worker + BEGAN];
    visit.busyMs = worker === NONE ? 0 : ms[worker + BUSY] + now - ms[worker + SINCE];
  }

  #begin(at: number, worker: number, row: number): void {
    this.#ms[worker + BEGAN] = this.#kernel.now;
    this.#ms[worker + BUSY] = 0;
    this.#ints[2 * worker + ROW] = row;
    this.#schedule(at, worker);
  }

  /** A replica that hangs schedules nothing until it goes on. */
  #schedule(at: number, worker: number): void {
    const kernel = this.#kernel;
    const { now } = kernel;
    const ints = this.#ints;
    const rate = this.#ms[at + RATE];
    const plan = ++ints[2 * worker + PLAN];
    this.#ms[worker + SINCE] = now;
    if (rate === 0) return;
    const left = this.#tries.ms[ints[2 * worker + ROW] + LEFT];
    kernel.due = now + (rate === 1 ? left : left / rate);
    kernel.schedule(this.#departure, worker, plan);
  }

  /** A worker is done with its try, and takes the first that waits. */
  #next(at: number, worker: number): void {
    const ints = this.#ints;
    const server = 2 * at;
    ints[server + THERE]--;
    const row = ints[server + FIRST] === NONE ? NONE : dequeue(ints, server, this.#tries);
    if (row !== NONE) {
      this.#begin(at, worker, row);
      return;
    }
    this.#ms[worker + BEGAN] = Infinity;
    ints[2 * worker + PLAN]++;
    ints[2 * worker + ROW] = ints[server + FREE];
    ints[server + FREE] = worker - at;
  }

  /** Workers that have something to do, in the order in which they began. */
  #serving(at: number): number[] {
    const orders = this.#tries.ints;
    const orderOf = (worker: number): number => orders[this.#ints[2 * worker + ROW] + ORDER];
    return serving(this.#memory, at, this.#stride, orderOf);
  }

  #use(ms: Float64Array<ArrayBuffer>): void {
    this.#ms = ms;
    this.#ints = new Int32Array(ms.buffer);
  }

  get #memory(): Memory {
    return { ms: this.#ms, ints: this.#ints };
  }
}
