/** Requests under way, from arrival to their one end; a request has one try or, with retries and hedging, several. */
import type { Key } from '../core/types.ts';
import { NONE } from '../core/types.ts';
import { doubled, Rows } from './pool.ts';

/** A pool of requests; a request is the index of its row. */
export class Requests {
  /** Its place in the order of arrival, from 0. */
  order = new Int32Array(256);
  arrivedMs = new Float64Array(256);
  /** How long it takes at a replica of speed 1. */
  workMs = new Float64Array(256);
  /** When its client leaves if it still waits; kept only where clients are impatient. */
  patientUntilMs = new Float64Array(256);
  /** The number of its balancer. */
  balancer = new Int32Array(256);
  /** Tries sent. */
  sent = new Int32Array(256);
  /** The try under way that was sent last; `Tries.older` leads to the others. */
  latest = new Int32Array(256);
  /** Counts the row's uses, so that a late event knows that its request is over. */
  use = new Int32Array(256);
  /** Kept only where a request may be sent again. */
  readonly keys: Key[] = [];
  /** Handles that were tried, by request; kept only where a request may be sent again. */
  readonly tried = new Map<number, number[]>();

  readonly #rows = new Rows();

  get size(): number {
    return this.#rows.size;
  }

  take(order: number, arrivedMs: number, workMs: number, balancer: number): number {
    const request = this.#rows.take();
    if (request === this.arrivedMs.length) this.#grow();
    this.order[request] = order;
    this.arrivedMs[request] = arrivedMs;
    this.workMs[request] = workMs;
    this.balancer[request] = balancer;
    this.sent[request] = 0;
    this.latest[request] = NONE;
    return request;
  }

  /** Notes that it was sent to a replica. */
  remember(request: number, handle: number): void {
    const tried = this.tried.get(request);
    if (tried) tried.push(handle);
    else this.tried.set(request, [handle]);
  }

  release(request: number): void {
    this.use[request]++;
    if (this.tried.size > 0) this.tried.delete(request);
    this.#rows.release(request);
  }

  #grow(): void {
    this.order = doubled(this.order);
    this.arrivedMs = doubled(this.arrivedMs);
    this.workMs = doubled(this.workMs);
    this.patientUntilMs = doubled(this.patientUntilMs);
    this.balancer = doubled(this.balancer);
    this.sent = doubled(this.sent);
    this.latest = doubled(this.latest);
    this.use = doubled(this.use);
  }
}
