/** Tries under way: a request on its way to one replica, waiting or served there, and on its way back. */
import { doubled, Rows } from './pool.ts';

/** Where a try is. */
export const SENT = 0;
export const WAITING = 1;
export const SERVING = 2;
export const ANSWERED = 3;

/** Numbers of a try in `ms`: when it was sent, and when its service began, Infinity until then. */
export const SENT_AT = 0;
export const BEGAN_AT = 1;
/** How long it has kept a worker busy, until the present rate came into force. */
export const BUSY = 2;
/** Since when it is served at the present rate; under processor sharing in virtual time. */
export const SINCE = 3;
/** Work left then; under processor sharing, the replica's virtual time at which it is done. */
export const LEFT = 4;
/** How long its answer takes to the balancer. */
export const BACK = 5;
/** The requests that it met at its replica; kept only for probes. */
export const MET = 6;

/** Numbers of a try in `ints`: its request, or NONE when nobody waits for its answer any more. */
export const REQUEST = 0;
export const HANDLE = 1;
export const STATE = 2;
/** Its request's place in the order of arrival. */
export const ORDER = 3;
/** Neighbours in the replica's queue or among those in service; under processor sharing NEXT is the heap's place. */
export const NEXT = 4;
export const PREVIOUS = 5;
/** Counts plans of its departure: an event of a former plan is void. */
export const PLAN = 6;
/** Counts the row's uses: an event of a former use is void. */
export const USE = 7;

/** Numbers of a try in either array, a power of two. */
const WIDTH = 8;
const SHIFT = 3;

/**
 * A pool of tries; a try is the index of its first number. All that is known of one lies together, in 96 bytes, since
 * with many in flight each line of the cache that is looked at costs more than the rest of a step.
 */
export class Tries {
  ms = new Float64Array(64 * WIDTH);
  ints = new Int32Array(64 * WIDTH);

  readonly #rows = new Rows();

  get size(): number {
    return this.#rows.size;
  }

  take(request: number, order: number, handle: number, sentMs: number): number {
    const row = this.#rows.take() << SHIFT;
    if (row === this.ms.length) this.#grow();
    const { ints, ms } = this;
    ints[row + REQUEST] = request;
    ints[row + HANDLE] = handle;
    ints[row + STATE] = SENT;
    ints[row + ORDER] = order;
    ms[row + SENT_AT] = sentMs;
    ms[row + BEGAN_AT] = Infinity;
    ms[row + BUSY] = 0;
    return row;
  }

  release(row: number): void {
    this.ints[row + PLAN]++;
    this.ints[row + USE]++;
    this.#rows.release(row >> SHIFT);
  }

  #grow(): void {
    this.ms = doubled(this.ms);
    this.ints = doubled(this.ints);
  }
}
