/** How a server and its workers lie in memory: side by side, one line of the cache where there is one worker. */
import { NONE } from '../core/types.ts';

/** A server begins with its rate, a double, and six integers; the index is that of the double. */
export const RATE = 0;
/** Integers of a server, from twice that index on: tries there, the first and last that wait, whether it is shut. */
export const THERE = 2;
export const FIRST = 3;
export const LAST = 4;
export const SHUT = 5;
/** Where the first worker is that has nothing to do, counted from the server, or 0. */
export const FREE = 6;
export const HEAD = 4;

/** Doubles of a worker: when the service began, since when it goes on at this rate, and how long it was busy before. */
export const BEGAN = 0;
export const SINCE = 1;
export const BUSY = 2;
/** Integers of a worker, from twice that index on: its try, or the next that is free; and its plan of a departure. */
export const ROW = 6;
export const PLAN = 7;
export const WORKER = 4;

/** Both views of the memory of all servers. */
export interface Memory {
  readonly ms: Float64Array;
  readonly ints: Int32Array;
}

/** Leaves a server, of which all takes so many doubles, with nobody there; plans are void. */
export function clear({ ms, ints }: Memory, at: number, stride: number): void {
  const server = 2 * at;
  ints[server + THERE] = 0;
  ints[server + FIRST] = ints[server + LAST] = NONE;
  ints[server + FREE] = 0;
  for (let worker = at + stride - WORKER; worker > at; worker -= WORKER) {
    ms[worker + BEGAN] = Infinity;
    ints[2 * worker + PLAN]++;
    ints[2 * worker + ROW] = ints[server + FREE];
    ints[server + FREE] = worker - at;
  }
}

/** Workers of a server that have something to do, in the order in which they began. */
export function serving(
  { ms }: Memory,
  at: number,
  stride: number,
  orderOf: (worker: number) => number,
): number[] {
  const workers: number[] = [];
  for (let worker = at + HEAD; worker < at + stride; worker += WORKER)
    if (ms[worker + BEGAN] !== Infinity) workers.push(worker);
  return workers.sort((a, b) => ms[a + BEGAN] - ms[b + BEGAN] || orderOf(a) - orderOf(b));
}

/** The worker of a server that has a try, or NONE. */
export function workerOf({ ms, ints }: Memory, at: number, stride: number, row: number): number {
  for (let worker = at + HEAD; worker < at + stride; worker += WORKER)
    if (ints[2 * worker + ROW] === row && ms[worker + BEGAN] !== Infinity) return worker;
  return NONE;
}
