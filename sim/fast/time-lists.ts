/** First in, first out lists of times, one a server: rings in one pool of memory, which grow and are used again. */

/**
 * A list is a record of 64 bytes, as long as a cache line: four integers (where its ring is, how long that is, where
 * its first entry is and how many there are), the time that was pushed last, a gap, and a first ring of four entries.
 */
const [BEGIN, ROOM, FIRST, LENGTH] = [0, 1, 2, 3];
const [INTEGERS, TIMES] = [16, 8];
const LAST = 2;
const RING = 4;
/** A list that outgrows its ring gets one twice as long, so that a place in it is found by a mask. */
const LEAST_ROOM = 4;

/** Every list ascends: what is pushed is never before what was. 64 bytes a list, 8 to 16 an entry beyond four. */
export class TimeLists {
  /** Two views of the same memory. */
  #integers: Int32Array;
  #times: Float64Array;
  #used: number;
  /** A sum that nobody asks for; without it there would be nothing to read for. */
  fetched = 0;
  /** Where rings begin that were outgrown, by their room. */
  readonly #outgrown = new Map<number, number[]>();

  constructor(lists: number) {
    this.#used = lists * TIMES;
    this.#times = new Float64Array(this.#used);
    this.#integers = new Int32Array(this.#times.buffer);
    for (let list = 0; list < lists; list++) {
      this.#integers[list * INTEGERS + BEGIN] = list * TIMES + RING;
      this.#integers[list * INTEGERS + ROOM] = LEAST_ROOM;
    }
  }

  push(list: number, time: number): void {
    const at = list * INTEGERS;
    const length = this.#integers[at + LENGTH];
    if (length === this.#integers[at + ROOM]) this.#widen(at);
    const integers = this.#integers;
    const times = this.#times;
    times[integers[at + BEGIN] + ((integers[at + FIRST] + length) & (integers[at + ROOM] - 1))] = time;
    times[list * TIMES + LAST] = time;
    integers[at + LENGTH] = length + 1;
  }

  /** What was pushed last, though it may have been dropped since; 0 when nothing ever was. */
  last(list: number): number {
    return this.#times[list * TIMES + LAST];
  }

  /** With all that is in the list, however long ago. */
  length(list: number): number {
    return this.#integers[list * INTEGERS + LENGTH];
  }

  /** Reads a number of each of these lists, which brings them into the nearest cache. */
  fetch(lists: Int32Array, count: number): void {
    const times = this.#times;
    let sum = 0;
    for (let i = 0; i < count; i++) sum += times[lists[i] * TIMES + LAST];
    this.fetched = sum;
  }

  clear(list: number): void {
    this.#integers[list * INTEGERS + LENGTH] = 0;
  }

  /** Drops what is not after `now`; returns how many are left. */
  after(list: number, now: number): number {
    const integers = this.#integers;
    const times = this.#times;
    const at = list * INTEGERS;
    const begin = integers[at + BEGIN];
    const mask = integers[at + ROOM] - 1;
    let length = integers[at + LENGTH];
    let first = integers[at + FIRST];
    while (length > 0 && times[begin + first] <= now) {
      first = (first + 1) & mask;
      length--;
    }
    integers[at + FIRST] = first;
    return (integers[at + LENGTH] = length);
  }

  /** Moves a full list to a ring of twice the room. */
  #widen(at: number): void {
    const [begin, room, first] = this.#integers.subarray(at, at + LENGTH);
    const place = this.#take(2 * room);
    const times = this.#times;
    for (let i = 0; i < room; i++) times[place + i] = times[begin + ((first + i) & (room - 1))];
    if (room > LEAST_ROOM) this.#outgrownOf(room).push(begin);
    this.#integers.set([place, 2 * room, 0], at);
  }

  #take(room: number): number {
    const again = this.#outgrownOf(room).pop();
    if (again !== undefined) return again;
    const place = this.#used;
    this.#used += room;
    if (this.#used > this.#times.length) {
      const times = new Float64Array(2 * this.#used);
      this.#integers = new Int32Array(times.buffer);
      this.#integers.set(new Int32Array(this.#times.buffer));
      this.#times = times;
    }
    return place;
  }

  #outgrownOf(room: number): number[] {
    let places = this.#outgrown.get(room);
    if (places === undefined) this.#outgrown.set(room, (places = []));
    return places;
  }
}
