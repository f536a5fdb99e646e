/**
 * The requests that wait for a replica's first byte, and how many may. A queue stands where even the quickest answer of a
 * while took long (CoDel; Nichols, Jacobson 2012, Controlling Queue Delay). Whoever joins it then would wait in vain, so only
 * as many may be there as the replica answers in the time that they may wait (Little's law).
 */

/** Bursts that are over within this are no queue that stands. */
const INTERVAL_MS = 100;
/** So many may wait in any case: they could be slow requests of a replica that works on all of them at once. */
const LEAST = 32;

/** The crowd at one replica. */
export class Crowd {
  /** Those that wait. */
  waiting = 0;
  /** How many may. */
  most = Infinity;
  #quickestEverMs = Infinity;
  #quickestMs = Infinity;
  #answers = 0;
  #sinceMs = 0;

  /** A first byte came after `ms`. @param allowedMs how much longer than the quickest ever it may take; 0: as long as it likes */
  observe(ms: number, now: number, allowedMs: number): void {
    this.#answers++;
    if (ms < this.#quickestMs) this.#quickestMs = ms;
    const overMs = now - this.#sinceMs;
    if (overMs < INTERVAL_MS) return;
    this.#quickestEverMs = Math.min(this.#quickestEverMs, this.#quickestMs);
    const stands = allowedMs > 0 && this.#quickestMs > this.#quickestEverMs + allowedMs;
    this.most = stands ? Math.max(LEAST, (this.#answers / overMs) * allowedMs) : Infinity;
    this.#answers = 0;
    this.#quickestMs = Infinity;
    this.#sinceMs = now;
  }
}
