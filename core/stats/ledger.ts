/** What a run's requests went through, summed by batches of arrivals: flat in memory, and indifferent to their order. */
import { Backlog } from './backlog.ts';
import { Sections } from './sections.ts';
import type { Column } from './column.ts';

/** Requests in a batch at least: the five of MSER-5. */
const LEAST_BATCH = 5;
const MOST_BATCHES = 2048;
const MOST_SECTIONS = 40;
/** Requests in a section at least. */
const LEAST_SECTION = 40;
/** Ends that can be told of together. */
export const MOST_TOGETHER = 512;

/** Sums of a batch. `stay` is time in the system, of requests that failed in it too; `from` its first arrival. */
export const FIELDS = ['count', 'wait', 'busy', 'response', 'stay', 'from'] as const;
export type Field = (typeof FIELDS)[number];
const WIDTH = FIELDS.length;

/**
 * A request is known by its order of arrival, 0, 1, 2 …, and is counted in the batch of that order whenever it ends.
 * Times in ms.
 */
export class Ledger {
  readonly batches: number;
  /** Requests in a batch, and batches in a section; the last of either may be short. */
  readonly batchSize: number;
  readonly sectionSize: number;
  readonly waits: Sections;
  readonly responses: Sections;
  lastArrivalMs = 0;
  /** Kept where the capacity of the fleet is told. */
  readonly backlog: Backlog | undefined;
  readonly #sums: Float64Array;
  readonly #failures = new Map<string, Float64Array>();
  /** By batch: time in queues of requests that failed; none until one does. */
  #inVain: Float64Array | undefined = undefined;
  readonly #aBatch: number;
  readonly #aSection: number;
  /** The sections of requests that are told of together. */
  readonly #of = new Uint8Array(MOST_TOGETHER);

  /** @param whole one section is enough: nothing is left out, and runs are told from each other, not sections */
  constructor(requests: number, whole = false, capacity?: number) {
    this.batchSize = Math.max(LEAST_BATCH, Math.ceil(requests / MOST_BATCHES));
    this.batches = Math.ceil(requests / this.batchSize);
    const sectionSize = whole ? requests : Math.max(LEAST_SECTION, requests / MOST_SECTIONS);
    this.sectionSize = Math.ceil(sectionSize / this.batchSize);
    this.#aBatch = 1 / this.batchSize;
    this.#aSection = 1 / this.sectionSize;
    this.#sums = new Float64Array(this.batches * WIDTH);
    for (let batch = 0; batch < this.batches; batch++) this.#sums[batch * WIDTH + 5] = Infinity;
    this.backlog = capacity === undefined ? undefined : new Backlog(this.batches, this.batchSize, capacity);
    const sections = Math.ceil(this.batches / this.sectionSize);
    this.waits = new Sections(sections);
    this.responses = new Sections(sections);
  }

  served(order: number, arrivedMs: number, waitMs: number, busyMs: number, responseMs: number): void {
    const batch = Math.floor((order + 0.5) * this.#aBatch);
    const at = batch * WIDTH;
    const sums = this.#sums;
    sums[at]++;
    sums[at + 1] += waitMs;
    sums[at + 2] += busyMs;
    sums[at + 3] += responseMs;
    sums[at + 4] += responseMs;
    if (arrivedMs < sums[at + 5]) sums[at + 5] = arrivedMs;
    if (arrivedMs > this.lastArrivalMs) this.lastArrivalMs = arrivedMs;
    const section = Math.floor((batch + 0.5) * this.#aSection);
    this.waits.record(section, waitMs);
    this.responses.record(section, responseMs);
  }

  /** Some requests that were served, in any order, by their columns: the same as `served` for each. */
  ends(
    count: number,
    orders: Int32Array,
    arrivedMs: Float64Array,
    waitMs: Column,
    busyMs: Float64Array,
    responseMs: Column,
  ): void {
    for (let from = 0; from < count;) {
      const batch = Math.floor((orders[from] + 0.5) * this.#aBatch);
      const to = this.#run(batch, from, count, orders);
      this.#add(batch, from, to, waitMs.values, busyMs, responseMs.values);
      this.#arrivals(batch, from, to, arrivedMs);
      from = to;
    }
    this.waits.scatter(this.#of, waitMs, count);
    this.responses.scatter(this.#of, responseMs, count);
  }

  /** Names the section of those from one on that are of its batch; returns where the first is that is not. */
  #run(batch: number, from: number, count: number, orders: Int32Array): number {
    const of = this.#of;
    const section = Math.floor((batch + 0.5) * this.#aSection);
    const first = batch * this.batchSize;
    const past = first + this.batchSize;
    let at = from;
    for (; at < count && orders[at] >= first && orders[at] < past; at++) of[at] = section;
    return at;
  }

  #arrivals(batch: number, from: number, to: number, arrivedMs: Float64Array): void {
    let first = this.#sums[batch * WIDTH + 5];
    let last = this.lastArrivalMs;
    for (let i = from; i < to; i++) {
      const arrived = arrivedMs[i];
      if (arrived < first) first = arrived;
      if (arrived > last) last = arrived;
    }
    this.#sums[batch * WIDTH + 5] = first;
    this.lastArrivalMs = last;
  }

  /** The sums of some requests in a row that were all served, from the one of that order on; their times are counted elsewhere. */
  block(
    order: number,
    count: number,
    arrivedMs: Float64Array,
    waitMs: Float64Array,
    busyMs: Float64Array,
    responseMs: Float64Array,
  ): void {
    for (let from = 0; from < count;) {
      const batch = Math.floor((order + from + 0.5) * this.#aBatch);
      const to = Math.min(count, (batch + 1) * this.batchSize - order);
      const at = batch * WIDTH;
      this.#add(batch, from, to, waitMs, busyMs, responseMs);
      if (arrivedMs[from] < this.#sums[at + 5]) this.#sums[at + 5] = arrivedMs[from];
      from = to;
    }
    if (arrivedMs[count - 1] > this.lastArrivalMs) this.lastArrivalMs = arrivedMs[count - 1];
  }

  #add(
    batch: number,
    from: number,
    to: number,
    waitMs: Float64Array,
    busyMs: Float64Array,
    responseMs: Float64Array,
  ): void {
    const sums = this.#sums;
    const at = batch * WIDTH;
    let wait = sums[at + 1];
    let busy = sums[at + 2];
    let response = sums[at + 3];
    let stay = sums[at + 4];
    for (let i = from; i < to; i++) {
      wait += waitMs[i];
      busy += busyMs[i];
      response += responseMs[i];
      stay += responseMs[i];
    }
    sums[at] += to - from;
    sums[at + 1] = wait;
    sums[at + 2] = busy;
    sums[at + 3] = response;
    sums[at + 4] = stay;
  }

  /** `stayMs` is how long it was in the system, and `waitMs` how long of that in a queue: 0 where it was turned away at once. */
  failed(
    order: number,
    kind: string,
    arrivedMs: number,
    stayMs: number,
    busyMs: number,
    waitMs: number,
  ): void {
    const batch = Math.floor((order + 0.5) * this.#aBatch);
    const at = batch * WIDTH;
    this.#sums[at + 2] += busyMs;
    this.#sums[at + 4] += stayMs;
    this.#inVain ??= new Float64Array(this.batches);
    this.#inVain[batch] += waitMs;
    if (arrivedMs < this.#sums[at + 5]) this.#sums[at + 5] = arrivedMs;
    if (arrivedMs > this.lastArrivalMs) this.lastArrivalMs = arrivedMs;
    let counts = this.#failures.get(kind);
    if (!counts) this.#failures.set(kind, (counts = new Float64Array(this.batches)));
    counts[batch]++;
  }

  /** A worker was busy for a request beyond the try that ended it. */
  wasted(order: number, busyMs: number): void {
    this.#sums[Math.floor((order + 0.5) * this.#aBatch) * WIDTH + 2] += busyMs;
  }

  /** The kinds of failure that there were. */
  get kinds(): string[] {
    return [...this.#failures.keys()].sort();
  }

  /** A sum of each batch from `first` on. */
  sums(field: Field, first = 0): Float64Array {
    const at = FIELDS.indexOf(field);
    return new Float64Array(this.batches - first).map((_, i) => this.#sums[(first + i) * WIDTH + at]);
  }

  /** Time in queues by batch from `first` on, of requests that failed in them too. */
  queued(first = 0): Float64Array {
    const inVain = this.#inVain;
    const served = this.sums('wait', first);
    return inVain === undefined ? served : served.map((ms, i) => ms + inVain[first + i]);
  }

  /** Failures of a kind in each batch from `first` on. */
  failures(kind: string, first = 0): Float64Array {
    return this.#failures.get(kind)?.slice(first) ?? new Float64Array(this.batches - first);
  }

  /** Time from each batch's first arrival to the next one's; the last lasts until the last arrival. */
  spans(first = 0): Float64Array {
    const from = this.sums('from', first);
    return from.map((start, i) => (i + 1 < from.length ? from[i + 1] : this.lastArrivalMs) - start);
  }
}
