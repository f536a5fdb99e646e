/** Events that are far off, by the day on which they come: unsorted, since a day is put in order when it has come. */
import { NONE } from '../core/types.ts';
import type { EventHeap } from './event-heap.ts';
import { doubled } from './pool.ts';

/** Fewer events are left to the heap. */
const FEW = 256;
/** A year is so many times as long as it takes until half of the events have come. */
const MEDIANS = 4;
/** Times that the median is taken of. */
const SAMPLE = 63;

/**
 * A calendar queue (Brown 1988) that keeps only the days to come, in lists, as a ladder queue does (Tang, Goh, Thng
 * 2005): a day that has come is the heap's. When a year is over the next is laid out for what is left, with as many
 * days as there are events; what lies beyond it waits for another. So it hardly matters how times are spread.
 */
export class Calendar {
  /** Events that it keeps. */
  size = 0;
  /** What has come; in its fields, what is added and what is handed over. */
  readonly #near: EventHeap;
  #start = 0;
  /** Days in a ms; 0 as long as there is no year, and all is near. */
  #perMs = 0;
  #days = 0;
  /** Days that have come. */
  #past = 0;
  /** The first event of each day; the next follow in its list. */
  #first = new Int32Array(0);
  /** The first of those beyond the year. */
  #beyond = NONE;
  /** By row: time and order; kind, subject, detail and the next in the list. */
  #keys = new Float64Array(2 * FEW);
  #payload = new Int32Array(4 * FEW);
  #used = 0;
  #free = NONE;

  constructor(near: EventHeap) {
    this.#near = near;
  }

  /** Whether what is `due` is of a day to come. Rounding does no harm: what is later is never of an earlier day. */
  isFar(): boolean {
    return this.#perMs > 0 && (this.#near.due - this.#start) * this.#perMs >= this.#past;
  }

  /** Keeps the event that is `due`, and far. */
  add(kind: number, subject: number, detail: number): void {
    const row = this.#take();
    const payload = this.#payload;
    this.#keys[2 * row] = this.#near.due;
    this.#keys[2 * row + 1] = this.#near.order;
    payload[4 * row] = kind;
    payload[4 * row + 1] = subject;
    payload[4 * row + 2] = detail;
    this.#enter(row);
    this.size++;
  }

  /** Hands the events of the next day that has any to the heap, which is empty; false when there is none. */
  turn(): boolean {
    while (this.size > 0) {
      while (this.#past < this.#days) {
        const first = this.#first[this.#past++];
        if (first === NONE) continue;
        this.#come(first);
        return true;
      }
      if (!this.#layOut()) return true;
    }
    return false;
  }

  /** Begins a new year with all that it keeps, and all that the heap holds. */
  begin(): void {
    const [from, to] = [this.#past, this.#days];
    this.#past = this.#days = this.#perMs = 0;
    for (let day = from; day < to; day++) this.#enterAll(this.#first[day]);
    this.#near.empty((kind, subject, detail) => {
      this.add(kind, subject, detail);
    });
    this.#layOut();
  }

  /** A year for all that is beyond the last. False where that would be of no use: then all of it has come. */
  #layOut(): boolean {
    const all = this.#beyond;
    const [start, span] = this.size < FEW ? [0, 0] : this.#spread(all);
    const perMs = this.size / span;
    this.#beyond = NONE;
    this.#past = 0;
    if (!(perMs > 0 && perMs < Infinity)) {
      this.#days = this.#perMs = 0;
      this.#come(all);
      return false;
    }
    this.#start = start;
    this.#perMs = perMs;
    this.#days = this.size;
    if (this.#first.length < this.#days) this.#first = new Int32Array(2 * this.#days);
    this.#first.fill(NONE, 0, this.#days);
    this.#enterAll(all);
    return true;
  }

  /** The earliest time of a list, and how long the year shall be. */
  #spread(first: number): readonly [number, number] {
    const every = Math.ceil(this.size / SAMPLE);
    const sample: number[] = [];
    let least = Infinity;
    for (let row = first, i = 0; row !== NONE; row = this.#payload[4 * row + 3], i++) {
      const time = this.#keys[2 * row];
      if (time < least) least = time;
      if (i % every === 0) sample.push(time);
    }
    sample.sort((a, b) => a - b);
    return [least, MEDIANS * (sample[sample.length >> 1] - least)];
  }

  #enterAll(first: number): void {
    for (let row = first; row !== NONE;) {
      const next = this.#payload[4 * row + 3];
      this.#enter(row);
      row = next;
    }
  }

  /** Puts an event into the list of its day. */
  #enter(row: number): void {
    const days = (this.#keys[2 * row] - this.#start) * this.#perMs;
    if (days < this.#days) {
      const day = Math.floor(days);
      this.#payload[4 * row + 3] = this.#first[day];
      this.#first[day] = row;
    } else {
      this.#payload[4 * row + 3] = this.#beyond;
      this.#beyond = row;
    }
  }

  /** Hands a list to the heap. */
  #come(first: number): void {
    const near = this.#near;
    const keys = this.#keys;
    const payload = this.#payload;
    for (let row = first; row !== NONE;) {
      const next = payload[4 * row + 3];
      near.due = keys[2 * row];
      near.order = keys[2 * row + 1];
      near.insert(payload[4 * row], payload[4 * row + 1], payload[4 * row + 2]);
      payload[4 * row + 3] = this.#free;
      this.#free = row;
      this.size--;
      row = next;
    }
  }

  #take(): number {
    const row = this.#free;
    if (row !== NONE) {
      this.#free = this.#payload[4 * row + 3];
      return row;
    }
    if (2 * this.#used === this.#keys.length) {
      this.#keys = doubled(this.#keys);
      this.#payload = doubled(this.#payload);
    }
    return this.#used++;
  }
}
