/** First come, first served: c workers that each serve one request at a time, and a bounded queue. */
import { NONE } from '../core/types.ts';
import type { Discipline, Floor, Offer } from './discipline.ts';
import { doubled } from './pool.ts';
import { BEGAN_AT, BUSY, LEFT, NEXT, PLAN, PREVIOUS, SERVING, SINCE, STATE, WAITING } from './tries.ts';

/** Numbers of a server: tries in service, and all there. */
const BUSY_WORKERS = 0;
const THERE = 1;
/** Two lists, a first and a last try each. */
const SERVED = 2;
const QUEUE = 4;
/** 1 when nobody can be offered to it. */
const SHUT = 6;
const WIDTH = 8;

/** Both lists are chains through the rows of the tries, so that leaving from the middle costs no search. */
export class Queues implements Discipline {
  readonly #floor: Floor;
  readonly #workers: number;
  /** By handle; 40 bytes a server with its rate. */
  #servers = new Int32Array(8 * WIDTH);
  #rates = new Float64Array(8);

  constructor(floor: Floor) {
    this.#floor = floor;
    this.#workers = floor.workers;
  }

  join(handle: number, rate: number): void {
    if (handle === this.#rates.length) {
      this.#servers = doubled(this.#servers);
      this.#rates = doubled(this.#rates);
    }
    this.#servers.fill(NONE, handle * WIDTH + SERVED, handle * WIDTH + SHUT);
    this.#rates[handle] = rate;
  }

  offer(handle: number, row: number, now: number): Offer {
    const at = handle * WIDTH;
    const servers = this.#servers;
    if (servers[at + SHUT] !== 0) return 'shut';
    if (servers[at + BUSY_WORKERS] < this.#workers) {
      servers[at + THERE]++;
      this.#begin(handle, row, now);
      return 'serve';
    }
    if (servers[at + THERE] - this.#workers >= this.#floor.room) return 'full';
    servers[at + THERE]++;
    this.#floor.tries.ints[row + STATE] = WAITING;
    this.#append(at + QUEUE, row);
    return 'wait';
  }

  complete(handle: number, row: number, now: number): void {
    const { ms } = this.#floor.tries;
    ms[row + BUSY] += ms[row + LEFT] / this.#rates[handle];
    this.#leave(handle, row, now);
  }

  withdraw(handle: number, row: number, now: number): void {
    const { ints, ms } = this.#floor.tries;
    if (ints[row + STATE] === SERVING) {
      ms[row + BUSY] += now - ms[row + SINCE];
      this.#leave(handle, row, now);
    } else {
      this.#servers[handle * WIDTH + THERE]--;
      this.#unlink(handle * WIDTH + QUEUE, row);
    }
  }

  fail(handle: number, now: number): number[] {
    const at = handle * WIDTH;
    const serving = this.#chain(at + SERVED);
    const { ms } = this.#floor.tries;
    for (const row of serving) ms[row + BUSY] += now - ms[row + SINCE];
    const all = [...serving, ...this.#chain(at + QUEUE)];
    this.#servers.fill(NONE, at + SERVED, at + SHUT);
    this.#servers[at + BUSY_WORKERS] = this.#servers[at + THERE] = 0;
    return all;
  }

  busyMs(handle: number, now: number): number {
    const { ms } = this.#floor.tries;
    let busy = 0;
    for (const row of this.#chain(handle * WIDTH + SERVED)) busy += ms[row + BUSY] + now - ms[row + SINCE];
    return busy;
  }

  change(handle: number, rate: number, now: number): void {
    const { ms } = this.#floor.tries;
    const serving = this.#chain(handle * WIDTH + SERVED);
    for (const row of serving) {
      const passed = now - ms[row + SINCE];
      ms[row + BUSY] += passed;
      ms[row + LEFT] = Math.max(0, ms[row + LEFT] - passed * this.#rates[handle]);
    }
    this.#rates[handle] = rate;
    for (const row of serving) this.#schedule(rate, row, now);
  }

  shut(handle: number, yes: boolean): void {
    this.#servers[handle * WIDTH + SHUT] = yes ? 1 : 0;
  }

  inFlight(handle: number): number {
    return this.#servers[handle * WIDTH + THERE];
  }

  #begin(handle: number, row: number, now: number): void {
    const { ints, ms } = this.#floor.tries;
    ints[row + STATE] = SERVING;
    ms[row + BEGAN_AT] = now;
    this.#servers[handle * WIDTH + BUSY_WORKERS]++;
    this.#append(handle * WIDTH + SERVED, row);
    this.#schedule(this.#rates[handle], row, now);
  }

  /** A replica that hangs schedules nothing until it goes on. */
  #schedule(rate: number, row: number, now: number): void {
    const { departure, kernel, tries } = this.#floor;
    const { ints, ms } = tries;
    ms[row + SINCE] = now;
    const plan = ++ints[row + PLAN];
    if (rate > 0) kernel.at(now + ms[row + LEFT] / rate, departure, row, plan);
  }

  /** Frees a worker, who takes the first that waits. */
  #leave(handle: number, row: number, now: number): void {
    const at = handle * WIDTH;
    const servers = this.#servers;
    this.#unlink(at + SERVED, row);
    servers[at + BUSY_WORKERS]--;
    servers[at + THERE]--;
    const first = servers[at + QUEUE];
    if (first === NONE) return;
    this.#unlink(at + QUEUE, first);
    this.#begin(handle, first, now);
  }

  /** Puts a try at the end of the list whose first and last are kept at `list` and after it. */
  #append(list: number, row: number): void {
    const { ints } = this.#floor.tries;
    const last = this.#servers[list + 1];
    ints[row + PREVIOUS] = last;
    ints[row + NEXT] = NONE;
    if (last === NONE) this.#servers[list] = row;
    else ints[last + NEXT] = row;
    this.#servers[list + 1] = row;
  }

  #unlink(list: number, row: number): void {
    const { ints } = this.#floor.tries;
    const before = ints[row + PREVIOUS];
    const after = ints[row + NEXT];
    if (before === NONE) this.#servers[list] = after;
    else ints[before + NEXT] = after;
    if (after === NONE) this.#servers[list + 1] = before;
    else ints[after + PREVIOUS] = before;
  }

  #chain(list: number): number[] {
    const { ints } = this.#floor.tries;
    const rows: number[] = [];
    for (let row = this.#servers[list]; row !== NONE; row = ints[row + NEXT]) rows.push(row);
    return rows;
  }
}
