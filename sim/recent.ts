/** What a replica remembers of its last latencies, to answer probes with. */

/** Latencies remembered. */
const MEMORY = 64;
/** How many of them an estimate is the median of. */
const NEAREST = 9;

/**
 * The last latencies with the requests in flight that they met. The estimate for a load is the median of those at the
 * nearest loads, since latency follows load (Wydrowski et al. 2024, Load is not what you should balance, 3.3).
 */
export class Recent {
  readonly #loads = new Int32Array(MEMORY);
  readonly #latencies = new Float64Array(MEMORY);
  #count = 0;

  add(inFlight: number, latencyMs: number): void {
    const at = this.#count++ % MEMORY;
    this.#loads[at] = inFlight;
    this.#latencies[at] = latencyMs;
  }

  /** The estimate at that many in flight; 0 where nothing is known. */
  near(inFlight: number): number {
    const known = Math.min(this.#count, MEMORY);
    if (known === 0) return 0;
    const distance = (i: number): number => Math.abs(this.#loads[i] - inFlight);
    const nearest = Array.from({ length: known }, (_, i) => i).sort(
      (a, b) => distance(a) - distance(b) || a - b,
    );
    const latencies = nearest.slice(0, NEAREST).map((i) => this.#latencies[i]);
    return latencies.sort((a, b) => a - b)[latencies.length >> 1];
  }
}
