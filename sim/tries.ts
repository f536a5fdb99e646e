/** Tries under way: a request on its way to one replica, waiting or served there, and on its way back. */
import { doubled, Rows } from './pool.ts';

/** Where a try is. */
export const SENT = 0;
export const WAITING = 1;
export const SERVING = 2;
export const ANSWERED = 3;

/** A pool of tries; a try is the index of its row. */
export class Tries {
  /** Its request, or NONE when nobody waits for its answer any more. */
  request = new Int32Array(256);
  handle = new Int32Array(256);
  state = new Uint8Array(256);
  sentMs = new Float64Array(256);
  /** Its request's place in the order of arrival. */
  order = new Int32Array(256);
  /** When its service began. */
  beganMs = new Float64Array(256);
  /** How long it has kept a worker busy, until the present rate came into force. */
  busyMs = new Float64Array(256);
  /** Since when it is served at the present rate; under processor sharing in virtual time. */
  sinceMs = new Float64Array(256);
  /** Work left then; under processor sharing, the replica's virtual time at which it is done. */
  leftMs = new Float64Array(256);
  /** How long its answer takes to the balancer. */
  backMs = new Float64Array(256);
  /** Neighbours in the replica's queue or among those in service; under processor sharing `next` is the heap's place. */
  next = new Int32Array(256);
  previous = new Int32Array(256);
  /** The request's other try under way that was sent before. */
  older = new Int32Array(256);
  /** Counts plans of its departure: an event of a former plan is void. */
  plan = new Int32Array(256);
  /** Counts the row's uses: an event of a former use is void. */
  use = new Int32Array(256);

  readonly #rows = new Rows();

  get size(): number {
    return this.#rows.size;
  }

  take(request: number, order: number, handle: number, sentMs: number): number {
    const row = this.#rows.take();
    if (row === this.request.length) this.#grow();
    this.request[row] = request;
    this.order[row] = order;
    this.busyMs[row] = 0;
    this.handle[row] = handle;
    this.state[row] = SENT;
    this.sentMs[row] = sentMs;
    return row;
  }

  release(row: number): void {
    this.plan[row]++;
    this.use[row]++;
    this.#rows.release(row);
  }

  #grow(): void {
    this.request = doubled(this.request);
    this.order = doubled(this.order);
    this.beganMs = doubled(this.beganMs);
    this.busyMs = doubled(this.busyMs);
    this.handle = doubled(this.handle);
    this.state = doubled(this.state);
    this.sentMs = doubled(this.sentMs);
    this.sinceMs = doubled(this.sinceMs);
    this.leftMs = doubled(this.leftMs);
    this.backMs = doubled(this.backMs);
    this.next = doubled(this.next);
    this.previous = doubled(this.previous);
    this.older = doubled(this.older);
    this.plan = doubled(this.plan);
    this.use = doubled(this.use);
  }
}
