/** Processor sharing: all requests are served at once, and share c workers evenly, none more than one worker's worth. */
import { NONE } from '../core/types.ts';
import type { Discipline, Floor, Offer } from './discipline.ts';
import { doubled } from './pool.ts';
import { LEFT } from './tries.ts';

/** Numbers of a server: its virtual time, when that was so, and its rate. */
const VIRTUAL = 0;
const AT = 1;
const RATE = 2;
const WIDTH = 4;

/** Numbers of a try: when it came, since which virtual time it is served at the present rate, and its time until then. */
const BEGAN = 0;
const SINCE = 1;
const BUSY = 2;
/** Its place in the heap. */
const PLACE = 3;
const SHARE = 4;
/** From a row of `tries.ts`, which is two numbers wide, to the row here. */
const SHIFT = 1;

/**
 * Egalitarian sharing, exact. Virtual time runs at the rate at which each try is served, min(1, c / n); a try is done
 * when as much virtual time has passed as it has work. So the order of departures is that of a heap by virtual time,
 * and an arrival or departure costs O(log n) however many share (Kleinrock 1967; Parekh and Gallager 1993).
 */
export class Shares implements Discipline {
  readonly #floor: Floor;
  /** By handle. */
  #ms = new Float64Array(8 * WIDTH);
  /** By try. */
  #shares = new Float64Array(64 * SHARE);
  /** A heap by the virtual time of departure for each server. */
  readonly #heaps: number[][] = [];
  /** Counts plans of the next departure: an event of a former plan is void. */
  readonly #plans: number[] = [];
  readonly #shut: boolean[] = [];

  constructor(floor: Floor) {
    this.#floor = floor;
  }

  join(handle: number, rate: number): void {
    if (handle * WIDTH === this.#ms.length) this.#ms = doubled(this.#ms);
    this.#ms[handle * WIDTH + RATE] = rate;
    this.#heaps[handle] = [];
    this.#plans[handle] = 0;
    this.#shut[handle] = false;
  }

  /** As many may be there as with a queue: c + room, the rest is turned away. */
  offer(handle: number, row: number): Offer {
    const { kernel, room, tries, workers } = this.#floor;
    const { now } = kernel;
    const heap = this.#heaps[handle];
    if (this.#shut[handle]) return 'shut';
    if (heap.length >= workers + room) return 'full';
    this.#advance(handle, now);
    const virtualMs = this.#ms[handle * WIDTH + VIRTUAL];
    const share = row << SHIFT;
    if (share >= this.#shares.length) this.#shares = doubled(this.#shares);
    this.#shares[share + BEGAN] = now;
    this.#shares[share + SINCE] = virtualMs;
    this.#shares[share + BUSY] = 0;
    tries.ms[row + LEFT] += virtualMs;
    heap.push(row);
    this.#rise(heap, heap.length - 1, row);
    this.#schedule(handle, now);
    return 'serve';
  }

  complete(handle: number, plan: number): number {
    const { now } = this.#floor.kernel;
    if (this.#plans[handle] !== plan) return NONE;
    const row = this.#heaps[handle][0];
    this.#advance(handle, now);
    this.#ms[handle * WIDTH + VIRTUAL] = this.#floor.tries.ms[row + LEFT];
    this.#leave(handle, row, now);
    return row;
  }

  withdraw(handle: number, row: number, now: number): boolean {
    this.#advance(handle, now);
    this.#leave(handle, row, now);
    return true;
  }

  fail(handle: number, now: number, each: (row: number) => void): void {
    this.#settleAll(handle, now);
    const shares = this.#shares;
    const beganMs = (row: number): number => shares[(row << SHIFT) + BEGAN];
    const all = this.#heaps[handle].splice(0).sort((a, b) => beganMs(a) - beganMs(b) || a - b);
    this.#ms[handle * WIDTH + VIRTUAL] = 0;
    this.#plans[handle]++;
    for (const row of all) {
      this.#tell(handle, row);
      each(row);
    }
  }

  beganMs(_handle: number, row: number): number {
    return this.#shares[(row << SHIFT) + BEGAN];
  }

  busyMs(handle: number, now: number): number {
    this.#settleAll(handle, now);
    return this.#heaps[handle].reduce((sum, row) => sum + this.#shares[(row << SHIFT) + BUSY], 0);
  }

  change(handle: number, rate: number, now: number): void {
    this.#settleAll(handle, now);
    this.#ms[handle * WIDTH + RATE] = rate;
    this.#schedule(handle, now);
  }

  shut(handle: number, yes: boolean): void {
    this.#shut[handle] = yes;
  }

  inFlight(handle: number): number {
    return this.#heaps[handle].length;
  }

  /** Virtual time in a ms. */
  #each(handle: number): number {
    return this.#ms[handle * WIDTH + RATE] * Math.min(1, this.#floor.workers / this.#heaps[handle].length);
  }

  #advance(handle: number, now: number): void {
    const ms = this.#ms;
    const at = handle * WIDTH;
    if (this.#heaps[handle].length > 0) ms[at + VIRTUAL] += (now - ms[at + AT]) * this.#each(handle);
    ms[at + AT] = now;
  }

  /** Adds a try's part of the workers' time so far: the virtual time that passed for it, over the rate. */
  #settle(handle: number, row: number): void {
    const shares = this.#shares;
    const at = row << SHIFT;
    const virtualMs = this.#ms[handle * WIDTH + VIRTUAL];
    const rate = this.#ms[handle * WIDTH + RATE];
    if (rate > 0) shares[at + BUSY] += (virtualMs - shares[at + SINCE]) / rate;
    shares[at + SINCE] = virtualMs;
  }

  #settleAll(handle: number, now: number): void {
    this.#advance(handle, now);
    for (const row of this.#heaps[handle]) this.#settle(handle, row);
  }

  /** The next departure, at what is now the rate; the plan before is void. */
  #schedule(handle: number, now: number): void {
    const { departure, kernel, tries } = this.#floor;
    const heap = this.#heaps[handle];
    const plan = ++this.#plans[handle];
    if (heap.length === 0) this.#ms[handle * WIDTH + VIRTUAL] = 0; // keeps it small, and so exact
    if (heap.length === 0 || this.#ms[handle * WIDTH + RATE] === 0) return;
    const first = heap[0];
    const left = Math.max(0, tries.ms[first + LEFT] - this.#ms[handle * WIDTH + VIRTUAL]);
    kernel.at(now + left / this.#each(handle), departure, handle, plan);
  }

  /** How a try fared that leaves. */
  #tell(handle: number, row: number): void {
    const { visit } = this.#floor;
    visit.handle = handle;
    visit.beganMs = this.#shares[(row << SHIFT) + BEGAN];
    visit.busyMs = this.#shares[(row << SHIFT) + BUSY];
  }

  #leave(handle: number, row: number, now: number): void {
    this.#settle(handle, row);
    this.#tell(handle, row);
    const heap = this.#heaps[handle];
    const at = this.#shares[(row << SHIFT) + PLACE];
    const last = heap.pop() ?? NONE;
    if (last !== row) {
      this.#rise(heap, at, last);
      this.#sink(heap, this.#shares[(last << SHIFT) + PLACE], last);
    }
    this.#schedule(handle, now);
  }

  #rise(heap: number[], from: number, row: number): void {
    const { ms } = this.#floor.tries;
    const shares = this.#shares;
    let at = from;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (ms[heap[parent] + LEFT] <= ms[row + LEFT]) break;
      heap[at] = heap[parent];
      shares[(heap[at] << SHIFT) + PLACE] = at;
      at = parent;
    }
    heap[at] = row;
    shares[(row << SHIFT) + PLACE] = at;
  }

  #sink(heap: number[], from: number, row: number): void {
    const { ms } = this.#floor.tries;
    const shares = this.#shares;
    let at = from;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && ms[heap[child + 1] + LEFT] < ms[heap[child] + LEFT]) child++;
      if (ms[row + LEFT] <= ms[heap[child] + LEFT]) break;
      heap[at] = heap[child];
      shares[(heap[at] << SHIFT) + PLACE] = at;
      at = child;
    }
    heap[at] = row;
    shares[(row << SHIFT) + PLACE] = at;
  }
}
