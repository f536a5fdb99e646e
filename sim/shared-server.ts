/** Processor sharing: all requests are served at once, and share c workers evenly, none more than one worker's worth. */
import type { Replica } from '../core/types.ts';
import { NONE } from '../core/types.ts';
import { Server } from './server.ts';
import type { Floor, Offer } from './server.ts';
import { BEGAN_AT, BUSY, LEFT, NEXT, PLAN, SENT_AT, SERVING, SINCE, STATE } from './tries.ts';

/**
 * Egalitarian sharing, exact. Virtual time runs at the rate at which each try is served, min(1, c / n); a try is done
 * when as much virtual time has passed as it has work. So the order of departures is that of a heap by virtual time,
 * and an arrival or departure costs O(log n) however many share (Kleinrock 1967; Parekh and Gallager 1993).
 */
export class SharedServer extends Server {
  readonly #floor: Floor;
  #virtualMs = 0;
  #sinceMs = 0;
  /** A heap by the virtual time of departure. */
  readonly #heap: number[] = [];
  /** The try whose departure is scheduled. */
  #planned = NONE;

  constructor(replica: Replica, speed: number, floor: Floor) {
    super(replica, speed);
    this.#floor = floor;
  }

  /** As many may be there as with a queue: c + room, the rest is turned away. */
  override offer(row: number, workMs: number, now: number): Offer {
    const { room, tries, workers } = this.#floor;
    if (this.inFlight >= workers + room) return 'full';
    this.#advance(now);
    tries.ints[row + STATE] = SERVING;
    tries.ms[row + BEGAN_AT] = now;
    tries.ms[row + SINCE] = this.#virtualMs;
    tries.ms[row + LEFT] = this.#virtualMs + workMs;
    this.inFlight = this.#heap.push(row);
    this.#rise(this.inFlight - 1, row);
    this.#schedule(now);
    return 'serve';
  }

  override complete(row: number, now: number): void {
    this.#advance(now);
    this.#virtualMs = this.#floor.tries.ms[row + LEFT];
    this.#settle(row);
    this.#remove(row, now);
  }

  override withdraw(row: number, now: number): void {
    this.#advance(now);
    this.#settle(row);
    this.#remove(row, now);
  }

  override fail(now: number): number[] {
    this.#advance(now);
    for (const row of this.#heap) this.#settle(row);
    const { ms } = this.#floor.tries;
    const all = this.#heap.splice(0).sort((a, b) => ms[a + SENT_AT] - ms[b + SENT_AT] || a - b);
    this.inFlight = this.#virtualMs = 0;
    this.#planned = NONE;
    return all;
  }

  override busyMs(now: number): number {
    this.#advance(now);
    for (const row of this.#heap) this.#settle(row);
    return this.#heap.reduce((sum, row) => sum + this.#floor.tries.ms[row + BUSY], 0);
  }

  protected override change(rate: number, now: number): void {
    this.#advance(now);
    for (const row of this.#heap) this.#settle(row);
    this.rate = rate;
    this.#schedule(now);
  }

  /** Virtual time in a ms. */
  #each(): number {
    return this.rate * Math.min(1, this.#floor.workers / this.#heap.length);
  }

  #advance(now: number): void {
    if (this.#heap.length > 0) this.#virtualMs += (now - this.#sinceMs) * this.#each();
    this.#sinceMs = now;
  }

  /** Adds a try's part of the workers' time so far: the virtual time that passed for it, over the rate. */
  #settle(row: number): void {
    const { ms } = this.#floor.tries;
    if (this.rate > 0) ms[row + BUSY] += (this.#virtualMs - ms[row + SINCE]) / this.rate;
    ms[row + SINCE] = this.#virtualMs;
  }

  /** The next departure, at what is now the rate; the plan before is void. */
  #schedule(now: number): void {
    const { departure, kernel, tries } = this.#floor;
    if (this.#planned !== NONE) tries.ints[this.#planned + PLAN]++;
    this.#planned = NONE;
    if (this.#heap.length === 0) this.#virtualMs = 0; // keeps it small, and so exact
    if (this.#heap.length === 0 || this.rate === 0) return;
    const [first] = this.#heap;
    this.#planned = first;
    const left = Math.max(0, tries.ms[first + LEFT] - this.#virtualMs);
    kernel.at(now + left / this.#each(), departure, first, ++tries.ints[first + PLAN]);
  }

  #remove(row: number, now: number): void {
    const at = this.#floor.tries.ints[row + NEXT];
    const last = this.#heap.pop() ?? NONE;
    this.inFlight = this.#heap.length;
    if (last !== row) {
      this.#rise(at, last);
      this.#sink(this.#floor.tries.ints[last + NEXT], last);
    }
    this.#schedule(now);
  }

  #rise(from: number, row: number): void {
    const { ints, ms } = this.#floor.tries;
    const heap = this.#heap;
    let at = from;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (ms[heap[parent] + LEFT] <= ms[row + LEFT]) break;
      heap[at] = heap[parent];
      ints[heap[at] + NEXT] = at;
      at = parent;
    }
    heap[at] = row;
    ints[row + NEXT] = at;
  }

  #sink(from: number, row: number): void {
    const { ints, ms } = this.#floor.tries;
    const heap = this.#heap;
    let at = from;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && ms[heap[child + 1] + LEFT] < ms[heap[child] + LEFT]) child++;
      if (ms[row + LEFT] <= ms[heap[child] + LEFT]) break;
      heap[at] = heap[child];
      ints[heap[at] + NEXT] = at;
      at = child;
    }
    heap[at] = row;
    ints[row + NEXT] = at;
  }
}
