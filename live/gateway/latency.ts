/**
 * How long replicas take to their first byte: a histogram of logarithmic buckets for each, whose counts fade, so that
 * its quantiles follow what is so now. Eight buckets for each doubling bound the error of a quantile to 9 %.
 */
const A_DOUBLING = 8;
/** Bucket 0 ends at 2^-4 ms; the last one, at 2^16 ms, holds all that takes longer. */
const LOWEST = -4;
const BUCKETS = (16 - LOWEST) * A_DOUBLING;
/** After so many observations the counts are halved. */
const FADES_AFTER = 2048;

/** The first-byte times of one replica, or of several. */
export class Latency {
  readonly #counts = new Float64Array(BUCKETS);
  #total = 0;

  /** Observations that still count. */
  get count(): number {
    return this.#total;
  }

  observe(ms: number): void {
    const bucket = Math.ceil((Math.log2(ms) - LOWEST) * A_DOUBLING);
    this.#counts[Math.min(BUCKETS - 1, Math.max(0, bucket))]++;
    if (++this.#total >= FADES_AFTER) this.#fade();
  }

  /** Takes those of another replica in as well. */
  add(other: Latency): void {
    this.#total += other.#total;
    for (let i = 0; i < BUCKETS; i++) this.#counts[i] += other.#counts[i];
  }

  /** The upper end of the bucket that holds the quantile `q`, in ms; NaN before the first observation. */
  quantile(q: number): number {
    if (this.#total === 0) return NaN;
    let left = q * this.#total;
    let bucket = 0;
    for (; bucket < BUCKETS - 1; bucket++) {
      left -= this.#counts[bucket];
      if (left <= 0) break;
    }
    return 2 ** (bucket / A_DOUBLING + LOWEST);
  }

  #fade(): void {
    this.#total = 0;
    for (let i = 0; i < BUCKETS; i++) this.#total += this.#counts[i] /= 2;
  }
}
