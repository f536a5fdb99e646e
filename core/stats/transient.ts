/** How a run gets under way: the number in the system at set times, and the times of the first requests. */

/** One run's account of its beginning. */
export class Transient {
  readonly #stepMs: number;
  /** By time step: who came in it less who left in it. */
  readonly #net: number[] = [];
  #lastArrivalMs = 0;
  /** By order of arrival, NaN for a request that failed. */
  readonly firstWaits: Float64Array;
  readonly firstResponses: Float64Array;

  /** @param stepMs width of a step, 0 for none @param first requests to keep one by one */
  constructor(stepMs: number, first: number) {
    this.#stepMs = stepMs;
    this.firstWaits = new Float64Array(first).fill(NaN);
    this.firstResponses = new Float64Array(first).fill(NaN);
  }

  served(order: number, arrivedMs: number, waitMs: number, responseMs: number): void {
    if (order < this.firstWaits.length) {
      this.firstWaits[order] = waitMs;
      this.firstResponses[order] = responseMs;
    }
    this.stayed(arrivedMs, responseMs);
  }

  /** Somebody was in the system for so long, served or not. */
  stayed(arrivedMs: number, stayMs: number): void {
    if (this.#stepMs === 0) return;
    if (arrivedMs > this.#lastArrivalMs) this.#lastArrivalMs = arrivedMs;
    if (stayMs === 0) return;
    const came = Math.ceil(arrivedMs / this.#stepMs);
    const left = Math.ceil((arrivedMs + stayMs) / this.#stepMs);
    this.#net[came] = (this.#net[came] ?? 0) + 1;
    this.#net[left] = (this.#net[left] ?? 0) - 1;
  }

  /** The number in the system at times 0, 1, 2 … steps, as far as the arrivals reach. */
  inSystem(): Float64Array {
    let now = 0;
    const reach = this.#stepMs === 0 ? 0 : Math.floor(this.#lastArrivalMs / this.#stepMs) + 1;
    return Float64Array.from({ length: reach }, (_, step) => (now += this.#net[step] ?? 0));
  }
}
