/** Requests under way, from arrival to their one end; a request has one try or, with retries and hedging, several. */
import type { Key } from '../core/types.ts';
import { NONE } from '../core/types.ts';
import { doubled, Rows } from './pool.ts';

/** Numbers of a request in `ms`: its arrival, and how long it takes at a replica of speed 1. */
export const ARRIVED_AT = 0;
export const WORK = 1;
/** When its client leaves if it still waits; kept only where clients are impatient. */
export const PATIENT_UNTIL = 2;

/** Numbers of a request in `ints`: its place in the order of arrival, from 0, and the number of its balancer. */
export const ORDER = 0;
export const BALANCER = 1;
/** The try under way that was sent last, or NONE; `Tries.older` leads to the others. */
export const LATEST = 2;
/** Counts the row's uses, so that a late event knows that its request is over. */
export const USE = 3;

/** Numbers of a request in either array, a power of two. */
const WIDTH = 4;
const SHIFT = 2;

/** A pool of requests; a request is the index of its first number. 48 bytes each. */
export class Requests {
  ms = new Float64Array(64 * WIDTH);
  ints = new Int32Array(64 * WIDTH);

  readonly #rows = new Rows();
  /** What is kept of requests only where they may be sent again: key, tries sent, and handles that were tried. */
  readonly #keys: Key[] = [];
  readonly #sent: number[] = [];
  readonly #first: number[] = [];
  readonly #later = new Map<number, number[]>();

  take(order: number, arrivedMs: number, workMs: number, balancer: number): number {
    const request = this.#rows.take() << SHIFT;
    if (request === this.ms.length) this.#grow();
    const { ints, ms } = this;
    ms[request + ARRIVED_AT] = arrivedMs;
    ms[request + WORK] = workMs;
    ints[request + ORDER] = order;
    ints[request + BALANCER] = balancer;
    ints[request + LATEST] = NONE;
    return request;
  }

  /** Keeps what is needed to send a request again, which `sent` to `tried` are about. */
  follow(request: number, key: Key): void {
    const at = request >> SHIFT;
    this.#keys[at] = key;
    this.#sent[at] = 0;
    this.#first[at] = NONE;
  }

  keyOf(request: number): Key {
    return this.#keys[request >> SHIFT];
  }

  /** Tries sent. */
  sent(request: number): number {
    return this.#sent[request >> SHIFT];
  }

  /** Counts a try, whether or not there is a replica for it. */
  count(request: number): void {
    this.#sent[request >> SHIFT]++;
  }

  /** Notes that it was sent to a replica. */
  remember(request: number, handle: number): void {
    const at = request >> SHIFT;
    if (this.#first[at] === NONE) {
      this.#first[at] = handle;
      return;
    }
    const later = this.#later.get(request);
    if (later) later.push(handle);
    else this.#later.set(request, [handle]);
  }

  /** Handles that it was sent to, in order. */
  tried(request: number): number[] {
    const first = this.#first[request >> SHIFT];
    return first === NONE ? [] : [first, ...(this.#later.get(request) ?? [])];
  }

  release(request: number): void {
    this.ints[request + USE]++;
    if (this.#later.size > 0) this.#later.delete(request);
    this.#rows.release(request >> SHIFT);
  }

  #grow(): void {
    this.ms = doubled(this.ms);
    this.ints = doubled(this.ints);
  }
}
