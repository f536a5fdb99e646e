/** Tries under way: a request on its way to one replica, waiting or served there, and on its way back. */
import { doubled, Rows } from './pool.ts';

/** Where a try is. */
export const SENT = 0;
export const WAITING = 1;
export const SERVING = 2;
export const ANSWERED = 3;

/** Numbers of a try in `ms`: when its request came. */
export const ARRIVED_AT = 0;
/** Work left since then; under processor sharing, the replica's virtual time at which it is done. */
export const LEFT = 1;
/** Since when it is served at the present rate; under processor sharing in virtual time. */
export const SINCE = 2;
/** When its service began, Infinity until then. */
export const BEGAN_AT = 3;
/** Until its service begins: when its client leaves; kept only where clients are impatient. */
export const PATIENT_UNTIL = SINCE;
/** How long it has kept a worker busy, until the present rate came into force. */
export const BUSY = 4;
/** When it was sent. */
export const SENT_AT = 5;
/** How long its answer takes to the balancer. */
export const BACK = 6;
/** The requests that it met at its replica; kept only for probes. */
export const MET = 7;

/**
 * Numbers of a try in `ints`: whose it is, or NONE when nobody waits for its answer any more. That is a request where
 * requests may be sent again; elsewhere a request has this one try, and it is the number of its balancer.
 */
export const OWNER = 0;
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

  /** The first try of a request that comes now, sent at once. */
  take(owner: number, order: number, handle: number, now: number, workMs: number): number {
    const row = this.#rows.take() << SHIFT;
    if (row === this.ms.length) this.#grow();
    const { ints, ms } = this;
    ints[row + OWNER] = owner;
    ints[row + HANDLE] = handle;
    ints[row + STATE] = SENT;
    ints[row + ORDER] = order;
    ms[row + ARRIVED_AT] = now;
    ms[row + LEFT] = workMs;
    ms[row + BEGAN_AT] = Infinity;
    ms[row + BUSY] = 0;
    ms[row + SENT_AT] = now;
    return row;
  }

  release(row: number): void {
    const { ints } = this;
    ints[row + PLAN]++;
    ints[row + USE]++;
    this.#rows.release(row >> SHIFT);
  }

  #grow(): void {
    this.ms = doubled(this.ms);
    this.ints = doubled(this.ints);
  }
}
