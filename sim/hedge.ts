/** When to send a second try of a request that has no answer yet. */
import { histogram } from '../core/stats/histogram.ts';

/** Answers until a quantile is worth something, and between two looks at it. */
const EVERY = 256;

/** The delay in force: fixed, or a quantile of the response times so far. */
export class HedgeDelay {
  ms: number;
  readonly #quantile: number;
  readonly #seen = histogram();

  /** Of the canonical notation of the knob: `20ms` or `p95` (Dean, Barroso 2013, The Tail at Scale, hedge at p95). */
  constructor(notation: string) {
    this.#quantile = notation.startsWith('p') ? Number(notation.slice(1)) / 100 : 0;
    this.ms = this.#quantile > 0 ? Infinity : parseFloat(notation);
  }

  answered(responseMs: number): void {
    if (this.#quantile === 0) return;
    this.#seen.record(responseMs);
    if (this.#seen.count % EVERY === 0) this.ms = this.#seen.quantile(this.#quantile);
  }
}
