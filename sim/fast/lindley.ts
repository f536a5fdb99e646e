/** Servers of one worker each whose queues never fill, and whose load nobody asks for: the recursion alone. */
import { columns } from '../columns.ts';
import type { Line } from './servers.ts';

const { handles, arrivedMs, serviceMs, beginMs } = columns;

/** Looks at a server's queue while it takes as many requests as its room. */
const LOOKS = 4;
/** So many requests at most, which an integer of 32 bits holds. */
const MOST_STEP = 0x4000_0000;
/** In a smaller room a look would be needed too often. */
const LEAST_ROOM = 64;

/**
 * Lindley (1952): a request's service begins when the worker is free, and not before it came. No list of departures is
 * kept, so how many wait is known within bounds only: of each server's requests now and then one is marked, and once it
 * has departed, all before it have. Where that leaves it open whether a queue is full, `sure` becomes false, and the run
 * must be made again with a list (`single.ts`). At loads below 0.99 that is as rare as a queue of half the room.
 */
export class Lindley implements Line {
  /** Whether no queue was full up to now. */
  sure = true;
  readonly #room: number;
  readonly #step: number;
  readonly #free: Float64Array;
  /** Of each server: requests until the next look, all of them so far, and of these how many have departed for sure. */
  readonly #left: Int32Array;
  readonly #taken: Float64Array;
  readonly #gone: Float64Array;
  /** The request of each server that is marked, by its number, and its departure. */
  readonly #marked: Float64Array;
  readonly #markMs: Float64Array;

  /** Whether a queue of that room is wide enough. */
  static suits(room: number): boolean {
    return room >= LEAST_ROOM;
  }

  constructor(servers: number, room: number) {
    this.#room = room;
    this.#step = Math.min(MOST_STEP, Math.floor(room / LOOKS));
    this.#free = new Float64Array(servers);
    this.#left = new Int32Array(servers).fill(this.#step);
    this.#taken = new Float64Array(servers);
    this.#gone = new Float64Array(servers);
    this.#marked = new Float64Array(servers);
    this.#markMs = new Float64Array(servers);
  }

  serve(count: number): number {
    const handle = handles;
    const arrivals = arrivedMs;
    const services = serviceMs;
    const begins = beginMs;
    const free = this.#free;
    const left = this.#left;
    for (let i = 0; i < count; i++) {
      const server = handle[i];
      const now = arrivals[i];
      const until = free[server];
      const begin = until > now ? until : now;
      begins[i] = begin;
      free[server] = begin + services[i];
      if (--left[server] === 0) this.#look(server, now);
    }
    return 0;
  }

  #look(server: number, now: number): void {
    const step = this.#step;
    this.#left[server] = step;
    const taken = (this.#taken[server] += step);
    if (this.#markMs[server] <= now) {
      this.#gone[server] = this.#marked[server];
      this.#marked[server] = taken;
      this.#markMs[server] = this.#free[server];
    }
    // Until the next look there may be so many more.
    if (taken + step - this.#gone[server] > this.#room) this.sure = false;
  }
}
