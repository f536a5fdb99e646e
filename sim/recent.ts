/** What a replica remembers of its last latencies, to answer probes with. */

/** Latencies remembered. */
const MEMORY = 64;
/** How many of them an estimate is the median of. */
const NEAREST = 9;

/**
 * The last latencies with the requests in flight that they met on arrival. The estimate for a load is the median of those
 * at the nearest loads, since latency follows load (Wydrowski et al. 2024, Load is not what you should balance). The load
 * that they left behind would not do: the last of a burst has waited longest and leaves nobody.
 */
export class Recent {
  readonly #loads = new Int32Array(MEMORY);
  readonly #latencies = new Float64Array(MEMORY);
  /** The nearest so far, nearest first: kept between calls, so that an answer allocates next to nothing. */
  readonly #distances = new Int32Array(NEAREST);
  readonly #chosen = new Float64Array(NEAREST);
  #count = 0;

  add(inFlight: number, latencyMs: number): void {
    const at = this.#count++ % MEMORY;
    this.#loads[at] = inFlight;
    this.#latencies[at] = latencyMs;
  }

  /** The estimate at that many in flight; 0 where nothing is known. Of equally near ones the first in memory counts. */
  near(inFlight: number): number {
    const known = Math.min(this.#count, MEMORY);
    const distances = this.#distances;
    const latencies = this.#chosen;
    let chosen = 0;
    for (let i = 0; i < known; i++) {
      const distance = Math.abs(this.#loads[i] - inFlight);
      if (chosen === NEAREST && distance >= distances[NEAREST - 1]) continue;
      let at = chosen < NEAREST ? chosen++ : NEAREST - 1;
      for (; at > 0 && distances[at - 1] > distance; at--) {
        distances[at] = distances[at - 1];
        latencies[at] = latencies[at - 1];
      }
      distances[at] = distance;
      latencies[at] = this.#latencies[i];
    }
    return chosen === 0 ? 0 : latencies.subarray(0, chosen).sort()[chosen >> 1];
  }
}
