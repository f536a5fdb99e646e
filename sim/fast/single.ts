/** Servers of one worker each whose departures are known on arrival: a bounded queue, first in, first out. */
import type { Load } from '../../core/types.ts';
import { columns } from '../columns.ts';
import type { Line, Servers } from './servers.ts';
import { TimeLists } from './time-lists.ts';

const { handles, arrivedMs, serviceMs, beginMs } = columns;

/** Entries of a list that are not worth clearing away; 8 bytes each. */
const FEW = 8;

/**
 * The recursion of Lindley (1952): a request's service begins when the worker is free, and not before it came. With
 * one worker departures ascend, so that requests in flight are the departures to come, and what waits is all of them
 * but the first. A departure at the very time of an arrival comes first, as in the kernel, so "until now" includes now.
 */
export class SingleWorkers implements Servers, Line {
  readonly sure = true;
  readonly #room: number;
  readonly #lax: number;
  readonly #servers: number;
  readonly #departures: TimeLists;
  #refused: TimeLists | null = null;

  constructor(servers: number, room: number) {
    this.#room = room;
    this.#lax = Math.min(room, FEW);
    this.#servers = servers;
    this.#departures = new TimeLists(servers);
  }

  offer(server: number, now: number, serviceMs: number): number {
    const free = this.#departures.last(server);
    let begins = free;
    if (free <= now) {
      this.#departures.clear(server);
      begins = now;
    } else if (!this.#hasRoom(server, now)) return NaN;
    this.#departures.push(server, begins + serviceMs);
    return begins;
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
    this.#departures.fetch(servers, count);
  }

  refuse(server: number, until: number): void {
    this.#refused ??= new TimeLists(this.#servers);
    this.#refused.push(server, until);
  }

  readonly inFlight: Load = (server, now) => {
    const served = this.#departures.after(server, now);
    return this.#refused === null ? served : served + this.#refused.after(server, now);
  };

  /** Of a busy server; looks who still waits only when there may be too many. */
  #hasRoom(server: number, now: number): boolean {
    return this.#departures.length(server) <= this.#lax || this.#departures.after(server, now) <= this.#room;
  }
}
