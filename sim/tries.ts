/** Tries under way: a request on its way to one replica, waiting or served there, and on its way back. */
import { NONE } from '../core/types.ts';
import type { Stay } from './discipline.ts';
import { doubled } from './pool.ts';

/** Numbers of a try in `ms`: when its request came, and the work that was left when it began or last changed its rate. */
export const ARRIVED_AT = 0;
export const LEFT = 1;

/** Numbers of a try in `ints`: its request's place in the order of arrival, and whoever is behind it in a queue. */
export const ORDER = 0;
export const NEXT = 1;

/** A stay that nothing is known of. */
export function newStay(): Stay {
  return { handle: NONE, beganMs: Infinity, busyMs: 0, order: NONE, arrivedMs: Infinity, endMs: Infinity };
}

/** Numbers of a try in either array, and the room to begin with. */
const WIDTH = 2;
const ROWS = 64;

/**
 * A pool of tries; a try is the index of its first number. 24 bytes each, for with many in flight each line of the
 * cache that is looked at costs more than the rest of a step. What only some scenarios ask for is in `paths.ts`.
 */
export class Tries {
  ms = new Float64Array(ROWS * WIDTH);
  ints = new Int32Array(ROWS * WIDTH);
  #used = 0;
  /** The row that was freed last; NEXT leads to the others. */
  #free = NONE;

  /** A try of the request of that order, which came at `arrivedMs`. */
  take(order: number, arrivedMs: number, workMs: number): number {
    let row = this.#free;
    if (row === NONE) {
      row = this.#used;
      this.#used += WIDTH;
      if (row === this.ms.length) this.#grow();
    } else this.#free = this.ints[row + NEXT];
    this.ms[row + ARRIVED_AT] = arrivedMs;
    this.ms[row + LEFT] = workMs;
    this.ints[row + ORDER] = order;
    return row;
  }

  release(row: number): void {
    this.ints[row + NEXT] = this.#free;
    this.#free = row;
  }

  #grow(): void {
    this.ms = doubled(this.ms);
    this.ints = doubled(this.ints);
  }
}
