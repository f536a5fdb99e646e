/** Means and intervals of many figures side by side, one value each a run, in one pass (Welford 1962). */
import { studentQuantile } from './distributions.ts';
import type { Estimate } from './estimate.ts';

/** A row of figures; values that a run has none of are NaN and are passed over. */
export class Moments {
  #counts = new Float64Array(0);
  #means = new Float64Array(0);
  #squares = new Float64Array(0);

  get length(): number {
    return this.#counts.length;
  }

  add(values: ArrayLike<number>): void {
    if (values.length > this.length) this.#grow(values.length);
    for (let i = 0; i < values.length; i++) {
      if (Number.isNaN(values[i])) continue;
      const off = values[i] - this.#means[i];
      this.#means[i] += off / ++this.#counts[i];
      this.#squares[i] += off * (values[i] - this.#means[i]);
    }
  }

  /** The i-th figure: its mean over the runs that had it. */
  at(i: number, confidence: number): Estimate {
    const n = this.#counts[i];
    const value = n === 0 ? NaN : this.#means[i];
    if (n < 2) return { value, low: -Infinity, high: Infinity, batches: n };
    const half = studentQuantile((1 + confidence) / 2, n - 1) * Math.sqrt(this.#squares[i] / (n - 1) / n);
    return { value, low: value - half, high: value + half, batches: n };
  }

  /** Runs that had the i-th figure. */
  count(i: number): number {
    return this.#counts[i];
  }

  #grow(length: number): void {
    const longer = (old: Float64Array): Float64Array<ArrayBuffer> => {
      const copy = new Float64Array(length);
      copy.set(old);
      return copy;
    };
    this.#counts = longer(this.#counts);
    this.#means = longer(this.#means);
    this.#squares = longer(this.#squares);
  }
}
