/** Events in a heap in typed arrays: earliest first, and first in, first out at equal times. */
import { doubled } from './pool.ts';

/** The root's index: children of i are 4i - 8 to 4i - 5, so that four siblings share a line of the cache. */
const ROOT = 3;

/**
 * Events are a time, a kind and two integers, so that nothing is allocated for one; 32 bytes each. Four children a
 * node halve the depth of a binary heap, and their times lie together (LaMarca, Ladner 1996, The Influence of Caches
 * on the Performance of Heaps).
 */
export class EventHeap {
  /** The event that `pop` took out last. */
  time = 0;
  kind = 0;
  subject = 0;
  detail = 0;
  /** `pop` leaves alone what is later. A field, since a number that is handed over is a number that is allocated. */
  horizon = Infinity;
  /** Time and number of the event that `insert` finds a place for. Fields for the same reason. */
  due = 0;
  order = 0;

  /** One past the last node. */
  #end = ROOT;
  /** True after `pop`: the root is free. An event that causes the next one fills it at once, and the heap sinks once. */
  #hole = false;
  /** Time and sequence number, node by node. */
  #keys = new Float64Array(2 * 64);
  /** Kind, subject and detail, node by node; four words, the last unused. */
  #payload = new Int32Array(4 * 64);

  get size(): number {
    return this.#end - ROOT - (this.#hole ? 1 : 0);
  }

  /** Takes the next event into the fields; false when there is none up to the horizon. */
  pop(): boolean {
    if (this.#hole) this.#close();
    if (this.#end === ROOT) return false;
    const time = this.#keys[2 * ROOT];
    if (time > this.horizon) return false;
    const payload = this.#payload;
    this.time = time;
    this.kind = payload[4 * ROOT];
    this.subject = payload[4 * ROOT + 1];
    this.detail = payload[4 * ROOT + 2];
    this.#hole = true;
    return true;
  }

  /** Adds the event that is `due`, and of events at one time comes in the order of `order`. */
  insert(kind: number, subject: number, detail: number): void {
    const at = this.#hole ? this.#sink() : this.#rise();
    this.#hole = false;
    const keys = this.#keys;
    const payload = this.#payload;
    keys[2 * at] = this.due;
    keys[2 * at + 1] = this.order;
    payload[4 * at] = kind;
    payload[4 * at + 1] = subject;
    payload[4 * at + 2] = detail;
  }

  /** Takes all events out, in no order; of each, `due` and `order` are set before the call. */
  empty(each: (kind: number, subject: number, detail: number) => void): void {
    if (this.#hole) this.#close();
    for (let at = ROOT; at < this.#end; at++) {
      this.due = this.#keys[2 * at];
      this.order = this.#keys[2 * at + 1];
      each(this.#payload[4 * at], this.#payload[4 * at + 1], this.#payload[4 * at + 2]);
    }
    this.#end = ROOT;
  }

  /** Puts the last event in place of the one that was taken out. */
  #close(): void {
    this.#hole = false;
    const last = --this.#end;
    if (last === ROOT) return;
    this.due = this.#keys[2 * last];
    this.order = this.#keys[2 * last + 1];
    this.#move(last, this.#sink());
  }

  /** Makes room from a new node on: those that are later move down. */
  #rise(): number {
    if (2 * this.#end === this.#keys.length) this.#grow();
    const keys = this.#keys;
    const due = this.due;
    let at = this.#end++;
    while (at > ROOT) {
      const parent = (at >> 2) + 2;
      const time = keys[2 * parent];
      if (due > time || (due === time && this.order > keys[2 * parent + 1])) break;
      this.#move(parent, at);
      at = parent;
    }
    return at;
  }

  /** Makes room from the root on: the earliest child moves up as long as it is before the event. */
  #sink(): number {
    const keys = this.#keys;
    const end = this.#end;
    const due = this.due;
    let at = ROOT;
    for (;;) {
      const first = 4 * at - 8;
      if (first >= end) return at;
      const past = first + 4 < end ? first + 4 : end;
      let best = first;
      let least = keys[2 * first];
      for (let child = first + 1; child < past; child++) {
        const time = keys[2 * child];
        if (time > least || (time === least && keys[2 * child + 1] > keys[2 * best + 1])) continue;
        best = child;
        least = time;
      }
      if (due < least || (due === least && this.order < keys[2 * best + 1])) return at;
      this.#move(best, at);
      at = best;
    }
  }

  #move(from: number, to: number): void {
    const keys = this.#keys;
    const payload = this.#payload;
    keys[2 * to] = keys[2 * from];
    keys[2 * to + 1] = keys[2 * from + 1];
    payload[4 * to] = payload[4 * from];
    payload[4 * to + 1] = payload[4 * from + 1];
    payload[4 * to + 2] = payload[4 * from + 2];
  }

  #grow(): void {
    this.#keys = doubled(this.#keys);
    this.#payload = doubled(this.#payload);
  }
}
