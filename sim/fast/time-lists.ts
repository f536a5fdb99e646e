/** First in, first out lists of times, one a server, whose entries share one pool that is used again. */

const END = -1;

/** Every list ascends: what is pushed is never before what was. 12 bytes an entry, 12 a list. */
export class TimeLists {
  readonly #first: Int32Array;
  readonly #last: Int32Array;
  readonly #length: Int32Array;
  #times = new Float64Array(64);
  #next = new Int32Array(64);
  #used = 0;
  #free = END;

  constructor(lists: number) {
    this.#first = new Int32Array(lists).fill(END);
    this.#last = new Int32Array(lists);
    this.#length = new Int32Array(lists);
  }

  push(list: number, time: number): void {
    const entry = this.#take();
    this.#times[entry] = time;
    this.#next[entry] = END;
    if (this.#length[list]++ === 0) this.#first[list] = entry;
    else this.#next[this.#last[list]] = entry;
    this.#last[list] = entry;
  }

  /** With all that is in the list, however long ago. */
  length(list: number): number {
    return this.#length[list];
  }

  /** Drops what is not after `now`; returns how many are left. */
  after(list: number, now: number): number {
    let left = this.#length[list];
    if (left === 0) return 0;
    let first = this.#first[list];
    while (left > 0 && this.#times[first] <= now) {
      const next = this.#next[first];
      this.#next[first] = this.#free;
      this.#free = first;
      first = next;
      left--;
    }
    this.#first[list] = first;
    return (this.#length[list] = left);
  }

  #take(): number {
    const entry = this.#free;
    if (entry === END) return this.#more();
    this.#free = this.#next[entry];
    return entry;
  }

  #more(): number {
    if (this.#used === this.#times.length) {
      const times = new Float64Array(2 * this.#used);
      times.set(this.#times);
      this.#times = times;
      const next = new Int32Array(2 * this.#used);
      next.set(this.#next);
      this.#next = next;
    }
    return this.#used++;
  }
}
