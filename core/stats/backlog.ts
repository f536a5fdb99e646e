/** The work that each arrival would find before it at one server as fast as the whole fleet: what crowds are made of, and of known mean. */

/** Requests, and sums of their backlogs and of the squares of those, a row a batch. */
const WIDTH = 3;

/** The recursion of Lindley (1952), summed by batches of arrivals. Times in ms. */
export class Backlog {
  readonly #sums: Float64Array;
  readonly #batchSize: number;
  readonly #aBatch: number;
  readonly #perWork: number;
  /** When the last request came, and the backlog just after it. */
  #lastMs = 0;
  #left = 0;

  /** @param capacity work (ms) that the server does in a ms */
  constructor(batches: number, batchSize: number, capacity: number) {
    this.#sums = new Float64Array(batches * WIDTH);
    this.#batchSize = batchSize;
    this.#aBatch = 1 / batchSize;
    this.#perWork = 1 / capacity;
  }

  /** The request of that order, which is one more than the last one's. */
  add(order: number, arrivedMs: number, workMs: number): void {
    const found = Math.max(0, this.#left - (arrivedMs - this.#lastMs));
    this.#lastMs = arrivedMs;
    this.#left = found + workMs * this.#perWork;
    const at = Math.floor((order + 0.5) * this.#aBatch) * WIDTH;
    const sums = this.#sums;
    sums[at]++;
    sums[at + 1] += found;
    sums[at + 2] += found * found;
  }

  /** So many requests, the first of that order: the same as `add` for each, in a fraction of the time. */
  block(order: number, count: number, arrivedMs: Float64Array, workMs: Float64Array): void {
    for (let from = 0; from < count;) {
      const batch = Math.floor((order + from + 0.5) * this.#aBatch);
      const to = Math.min(count, (batch + 1) * this.#batchSize - order);
      this.#add(batch * WIDTH, from, to, arrivedMs, workMs);
      from = to;
    }
  }

  #add(at: number, from: number, to: number, arrivedMs: Float64Array, workMs: Float64Array): void {
    const sums = this.#sums;
    const perWork = this.#perWork;
    let last = this.#lastMs;
    let left = this.#left;
    let [backlogs, squares] = [sums[at + 1], sums[at + 2]];
    for (let i = from; i < to; i++) {
      const now = arrivedMs[i];
      const rest = left - (now - last);
      const found = rest > 0 ? rest : 0;
      last = now;
      left = found + workMs[i] * perWork;
      backlogs += found;
      squares += found * found;
    }
    sums[at] += to - from;
    sums[at + 1] = backlogs;
    sums[at + 2] = squares;
    this.#lastMs = last;
    this.#left = left;
  }

  /**
   * What the sums of backlogs, and of their squares, have beyond what so many requests find on average; by batch from `first` on.
   * @param known their mean, or that and the mean of their squares
   */
  beyond(first: number, known: readonly number[]): Float64Array[] {
    return known.map((mean, power) =>
      Float64Array.from({ length: this.#sums.length / WIDTH - first }, (_, i) => {
        const row = (first + i) * WIDTH;
        return this.#sums[row + 1 + power] - mean * this.#sums[row];
      }),
    );
  }
}
