/** First come, first served: c workers that each serve one request at a time, and a bounded queue. */
import { NONE } from '../core/types.ts';
import type { Discipline, Floor, Offer } from './discipline.ts';
import { LEFT, NEXT, ORDER } from './tries.ts';

/** A server begins with its rate, a double, and six integers; the index is that of the double. */
const RATE = 0;
/** Integers of a server, from twice that index on: tries there, the first and last that wait, whether it is shut. */
const THERE = 2;
const FIRST = 3;
const LAST = 4;
const SHUT = 5;
/** Where the first worker is that has nothing to do, counted from the server, or 0. */
const FREE = 6;
const HEAD = 4;

/** Doubles of a worker: when the service began, since when it goes on at this rate, and how long it was busy before. */
const BEGAN = 0;
const SINCE = 1;
const BUSY = 2;
/** Integers of a worker, from twice that index on: its try, or the next that is free; and its plan of a departure. */
const ROW = 6;
const PLAN = 7;
const WORKER = 4;

/** Work that is left of a try that has gone while it waited. */
const GONE = -1;

/**
 * A server and its workers lie together, 32 bytes each: one line of the cache where there is one worker. A queue is a
 * chain through the rows of the tries; who leaves from its middle is marked, and let go when its turn comes.
 */
export class Queues implements Discipline {
  readonly #floor: Floor;
  /** Doubles of a server with its workers. */
  readonly #stride: number;
  readonly #aStride: number;
  #ms: Float64Array;
  #ints: Int32Array;

  constructor(floor: Floor) {
    this.#floor = floor;
    this.#stride = HEAD + WORKER * floor.workers;
    this.#aStride = 1 / this.#stride;
    this.#ms = new Float64Array(8 * this.#stride);
    this.#ints = new Int32Array(this.#ms.buffer);
  }

  join(handle: number, rate: number): void {
    const at = handle * this.#stride;
    if (at === this.#ms.length) this.#grow();
    this.#ms[at + RATE] = rate;
    this.#clear(at);
  }

  offer(handle: number, row: number, now: number): Offer {
    const ints = this.#ints;
    const at = handle * this.#stride;
    const server = 2 * at;
    if (ints[server + SHUT] !== 0) return 'shut';
    const free = ints[server + FREE];
    if (free !== 0) {
      ints[server + THERE]++;
      ints[server + FREE] = ints[2 * (at + free) + ROW];
      this.#begin(at, at + free, row, now);
      return 'serve';
    }
    const { room, tries, workers } = this.#floor;
    if (ints[server + THERE] - workers >= room) return 'full';
    ints[server + THERE]++;
    const last = ints[server + LAST];
    tries.ints[row + NEXT] = NONE;
    if (last === NONE) ints[server + FIRST] = row;
    else tries.ints[last + NEXT] = row;
    ints[server + LAST] = row;
    return 'wait';
  }

  complete(worker: number, plan: number, now: number): number {
    const ints = this.#ints;
    const ms = this.#ms;
    if (ints[2 * worker + PLAN] !== plan) return NONE;
    const { tries, visit } = this.#floor;
    const handle = Math.floor((worker + 0.5) * this.#aStride);
    const at = handle * this.#stride;
    const row = ints[2 * worker + ROW];
    visit.handle = handle;
    visit.beganMs = ms[worker + BEGAN];
    visit.busyMs = ms[worker + BUSY] + tries.ms[row + LEFT] / ms[at + RATE];
    this.#next(at, worker, now);
    return row;
  }

  withdraw(handle: number, row: number, now: number): boolean {
    const { tries, visit } = this.#floor;
    const at = handle * this.#stride;
    const worker = this.#workerOf(at, row);
    visit.handle = handle;
    visit.beganMs = worker === NONE ? Infinity : this.#ms[worker + BEGAN];
    if (worker === NONE) {
      visit.busyMs = 0;
      this.#ints[2 * at + THERE]--;
      tries.ms[row + LEFT] = GONE;
      return false;
    }
    visit.busyMs = this.#ms[worker + BUSY] + now - this.#ms[worker + SINCE];
    this.#next(at, worker, now);
    return true;
  }

  fail(handle: number, now: number, each: (row: number) => void): void {
    const { tries, visit } = this.#floor;
    const at = handle * this.#stride;
    const serving = this.#serving(at).map((worker) => ({
      row: this.#ints[2 * worker + ROW],
      beganMs: this.#ms[worker + BEGAN],
      busyMs: this.#ms[worker + BUSY] + now - this.#ms[worker + SINCE],
    }));
    const waiting: number[] = [];
    for (let row = this.#ints[2 * at + FIRST]; row !== NONE; row = tries.ints[row + NEXT]) waiting.push(row);
    this.#clear(at);
    const gone = waiting.filter((row) => tries.ms[row + LEFT] === GONE);
    for (const { row, ...fate } of serving) {
      Object.assign(visit, fate, { handle });
      each(row);
    }
    Object.assign(visit, { handle, beganMs: Infinity, busyMs: 0 });
    for (const row of waiting) if (tries.ms[row + LEFT] !== GONE) each(row);
    for (const row of gone) tries.release(row);
  }

  beganMs(handle: number, row: number): number {
    const worker = this.#workerOf(handle * this.#stride, row);
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
    const left = this.#floor.tries.ms;
    const serving = this.#serving(at);
    for (const worker of serving) {
      const row = this.#ints[2 * worker + ROW];
      const passed = now - ms[worker + SINCE];
      ms[worker + BUSY] += passed;
      left[row + LEFT] = Math.max(0, left[row + LEFT] - passed * ms[at + RATE]);
    }
    ms[at + RATE] = rate;
    for (const worker of serving) this.#schedule(at, worker, now);
  }

  shut(handle: number, yes: boolean): void {
    this.#ints[2 * handle * this.#stride + SHUT] = yes ? 1 : 0;
  }

  inFlight(handle: number): number {
    return this.#ints[2 * handle * this.#stride + THERE];
  }

  #begin(at: number, worker: number, row: number, now: number): void {
    this.#ms[worker + BEGAN] = now;
    this.#ms[worker + BUSY] = 0;
    this.#ints[2 * worker + ROW] = row;
    this.#schedule(at, worker, now);
  }

  /** A replica that hangs schedules nothing until it goes on. */
  #schedule(at: number, worker: number, now: number): void {
    const { departure, kernel, tries } = this.#floor;
    const ints = this.#ints;
    const rate = this.#ms[at + RATE];
    const plan = ++ints[2 * worker + PLAN];
    this.#ms[worker + SINCE] = now;
    if (rate > 0) kernel.at(now + tries.ms[ints[2 * worker + ROW] + LEFT] / rate, departure, worker, plan);
  }

  /** A worker is done with its try, and takes the first that waits. */
  #next(at: number, worker: number, now: number): void {
    const ints = this.#ints;
    const server = 2 * at;
    ints[server + THERE]--;
    const row = ints[server + FIRST] === NONE ? NONE : this.#first(server);
    if (row !== NONE) {
      this.#begin(at, worker, row, now);
      return;
    }
    this.#ms[worker + BEGAN] = Infinity;
    ints[2 * worker + PLAN]++;
    ints[2 * worker + ROW] = ints[server + FREE];
    ints[server + FREE] = worker - at;
  }

  /** The first that waits, taken out of the queue, with those before it that have gone. */
  #first(server: number): number {
    const ints = this.#ints;
    const { tries } = this.#floor;
    for (;;) {
      const row = ints[server + FIRST];
      if (row === NONE) return NONE;
      const next = tries.ints[row + NEXT];
      ints[server + FIRST] = next;
      if (next === NONE) ints[server + LAST] = NONE;
      if (tries.ms[row + LEFT] !== GONE) return row;
      tries.release(row);
    }
  }

  /** Leaves a server with nobody there; plans are void. */
  #clear(at: number): void {
    const ints = this.#ints;
    ints[2 * at + THERE] = 0;
    ints[2 * at + FIRST] = ints[2 * at + LAST] = NONE;
    ints[2 * at + FREE] = 0;
    for (let worker = at + this.#stride - WORKER; worker > at; worker -= WORKER) {
      this.#ms[worker + BEGAN] = Infinity;
      ints[2 * worker + PLAN]++;
      ints[2 * worker + ROW] = ints[2 * at + FREE];
      ints[2 * at + FREE] = worker - at;
    }
  }

  /** The worker that has a try, or NONE. */
  #workerOf(at: number, row: number): number {
    for (let worker = at + HEAD; worker < at + this.#stride; worker += WORKER)
      if (this.#ints[2 * worker + ROW] === row && this.#ms[worker + BEGAN] !== Infinity) return worker;
    return NONE;
  }

  /** Workers that have something to do, in the order in which they began. */
  #serving(at: number): number[] {
    const ms = this.#ms;
    const orders = this.#floor.tries.ints;
    const orderOf = (worker: number): number => orders[this.#ints[2 * worker + ROW] + ORDER];
    const workers: number[] = [];
    for (let worker = at + HEAD; worker < at + this.#stride; worker += WORKER)
      if (ms[worker + BEGAN] !== Infinity) workers.push(worker);
    return workers.sort((a, b) => ms[a + BEGAN] - ms[b + BEGAN] || orderOf(a) - orderOf(b));
  }

  #grow(): void {
    const ms = new Float64Array(2 * this.#ms.length);
    ms.set(this.#ms);
    this.#ms = ms;
    this.#ints = new Int32Array(ms.buffer);
  }
}
