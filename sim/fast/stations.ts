/** Servers of c workers each whose departures are known on arrival: a bounded queue, first in, first out. */
import type { Load } from '../../core/types.ts';
import { columns } from '../columns.ts';
import type { Line, Servers } from './servers.ts';
import { TimeLists } from './time-lists.ts';

const { handles, arrivedMs, serviceMs, beginMs } = columns;

/** Entries of a list that are not worth clearing away; 8 bytes each. */
const FEW = 8;

/**
 * The recursion of Kiefer and Wolfowitz (1955), which is Lindley's for one worker (`single.ts`) made for c: a request's
 * service begins when the first worker is free, and not before it came. All that must be kept of a server is when its
 * busy workers will be free (a heap) and when the requests that wait will begin, which is in the order in which they
 * came. Both are brought up to date only when somebody looks. A departure at the very time of an arrival comes first,
 * as in the kernel, so "until now" includes now.
 */
export class Stations implements Servers, Line {
  readonly sure = true;
  readonly #workers: number;
  readonly #room: number;
  readonly #lax: number;
  readonly #waiting: TimeLists;
  readonly #refused: TimeLists;
  /** For each server a heap of c times, of which the first `busy` count. */
  readonly #free: Float64Array;
  readonly #busy: Int32Array;

  constructor(servers: number, workers: number, room: number) {
    this.#workers = workers;
    this.#room = room;
    this.#lax = Math.min(room, FEW);
    this.#waiting = new TimeLists(servers);
    this.#refused = new TimeLists(servers);
    this.#free = new Float64Array(servers * workers);
    this.#busy = new Int32Array(servers);
  }

  offer(server: number, now: number, serviceMs: number): number {
    const busy = this.#busyAt(server, now);
    if (busy < this.#workers) {
      this.#busy[server] = busy + 1;
      this.#rise(server * this.#workers, busy, now + serviceMs);
      return now;
    }
    if (!this.#hasRoom(server, now)) return NaN;
    const top = server * this.#workers;
    const begins = this.#free[top];
    this.#waiting.push(server, begins);
    this.#sink(top, busy, begins + serviceMs);
    return begins;
  }

  /** Looks who still waits only when there may be too many; until then those who no longer do are left in the list. */
  #hasRoom(server: number, now: number): boolean {
    return this.#waiting.length(server) < this.#lax || this.#waiting.after(server, now) < this.#room;
  }

  serve(count: number): number {
    let refused = 0;
    for (let i = 0; i < count; i++) {
      const begins = this.offer(handles[i], arrivedMs[i], serviceMs[i]);
      beginMs[i] = begins;
      if (Number.isNaN(begins)) refused++;
    }
    return refused;
  }

  fetch(servers: Int32Array, count: number): void {
    this.#waiting.fetch(servers, count);
  }

  refuse(server: number, until: number): void {
    this.#refused.push(server, until);
  }

  readonly inFlight: Load = (server, now) =>
    this.#busyAt(server, now) + this.#waiting.after(server, now) + this.#refused.after(server, now);

  /** Workers that are busy after now; those that have become free leave the heap. */
  #busyAt(server: number, now: number): number {
    const top = server * this.#workers;
    let busy = this.#busy[server];
    while (busy > 0 && this.#free[top] <= now) {
      busy--;
      this.#sink(top, busy, this.#free[top + busy]);
    }
    return (this.#busy[server] = busy);
  }

  /** Adds a time at the end of a heap of `size`. */
  #rise(top: number, size: number, time: number): void {
    const free = this.#free;
    let at = size;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (free[top + parent] <= time) break;
      free[top + at] = free[top + parent];
      at = parent;
    }
    free[top + at] = time;
  }

  /** Puts a time in place of the earliest in a heap of `size`. */
  #sink(top: number, size: number, time: number): void {
    const free = this.#free;
    let at = 0;
    for (let child = 1; child < size; child = 2 * at + 1) {
      if (child + 1 < size && free[top + child + 1] < free[top + child]) child++;
      if (time <= free[top + child]) break;
      free[top + at] = free[top + child];
      at = child;
    }
    free[top + at] = time;
  }
}
