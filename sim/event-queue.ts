/** The future: a binary heap of events in typed arrays; earliest first, and first in, first out at equal times. */

/** Events are a time, a kind and two integers, so that nothing is allocated for one. */
export class EventQueue {
  /** The event that `pop` took out last. */
  time = 0;
  kind = 0;
  subject = 0;
  detail = 0;

  #size = 0;
  #sequence = 0;
  #times = new Float64Array(64);
  #order = new Float64Array(64);
  #kinds = new Uint8Array(64);
  #subjects = new Int32Array(64);
  #details = new Int32Array(64);

  get size(): number {
    return this.#size;
  }

  push(time: number, kind: number, subject: number, detail: number): void {
    if (this.#size === this.#times.length) this.#grow();
    let at = this.#size++;
    const order = this.#sequence++;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.#before(time, order, parent)) break;
      this.#move(parent, at);
      at = parent;
    }
    this.#times[at] = time;
    this.#order[at] = order;
    this.#kinds[at] = kind;
    this.#subjects[at] = subject;
    this.#details[at] = detail;
  }

  /** Takes the next event into the fields; false when there is none. */
  pop(): boolean {
    if (this.#size === 0) return false;
    this.time = this.#times[0];
    this.kind = this.#kinds[0];
    this.subject = this.#subjects[0];
    this.detail = this.#details[0];
    this.#size--;
    this.#sink(this.#size);
    return true;
  }

  /** Lets the event at `last` sink from the root to its place. */
  #sink(last: number): void {
    const time = this.#times[last];
    const order = this.#order[last];
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= this.#size) break;
      const right = child + 1;
      if (right < this.#size && this.#before(this.#times[right], this.#order[right], child)) child = right;
      if (this.#before(time, order, child)) break;
      this.#move(child, at);
      at = child;
    }
    this.#move(last, at);
  }

  #before(time: number, order: number, at: number): boolean {
    return time < this.#times[at] || (time === this.#times[at] && order < this.#order[at]);
  }

  #move(from: number, to: number): void {
    this.#times[to] = this.#times[from];
    this.#order[to] = this.#order[from];
    this.#kinds[to] = this.#kinds[from];
    this.#subjects[to] = this.#subjects[from];
    this.#details[to] = this.#details[from];
  }

  #grow(): void {
    const larger = <A extends Float64Array | Uint8Array | Int32Array>(old: A, copy: A): A => (
      copy.set(old),
      copy
    );
    const capacity = this.#times.length * 2;
    this.#times = larger(this.#times, new Float64Array(capacity));
    this.#order = larger(this.#order, new Float64Array(capacity));
    this.#kinds = larger(this.#kinds, new Uint8Array(capacity));
    this.#subjects = larger(this.#subjects, new Int32Array(capacity));
    this.#details = larger(this.#details, new Int32Array(capacity));
  }
}
