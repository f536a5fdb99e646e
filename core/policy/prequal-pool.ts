/** Prequal's pool of probes: what is known of a few replicas, how long it may be used, and which of them to take. */
import { NONE } from '../types.ts';

/** The answer of a probe. */
export interface Probe {
  readonly handle: number;
  readonly latencyMs: number;
  readonly atMs: number;
  /** Requests in flight then, and those sent there since on the word of this probe. */
  inFlight: number;
  /** How often it may still be used. */
  uses: number;
}

/** Probes older than this tell of the past (4.1: 1 s). */
const AGE_MS = 1000;
/** Answers that the quantile of requests in flight is taken over. */
const WINDOW = 128;

/** The pool. A new answer replaces the same replica's former one. */
export class ProbePool {
  readonly #size: number;
  readonly #quantile: number;
  /** Requests in flight of the answers of late, in a circle, and how often each number is among them. */
  readonly #recent: number[] = [];
  readonly #counts: number[] = [];
  #probes: Probe[] = [];
  #answers = 0;
  #removals = 0;

  constructor(size: number, quantile: number) {
    this.#size = size;
    this.#quantile = quantile;
  }

  get length(): number {
    return this.#probes.length;
  }

  add(probe: Probe): void {
    this.#observe(probe.inFlight);
    this.forget(probe.handle);
    if (this.#probes.length === this.#size) this.#probes.shift();
    this.#probes.push(probe);
  }

  /** Drops what is known of a replica. */
  forget(handle: number): void {
    this.#probes = this.#probes.filter((probe) => probe.handle !== handle);
  }

  expire(now: number): void {
    this.#probes = this.#probes.filter(({ atMs }) => now - atMs <= AGE_MS);
  }

  /**
   * The hot-cold lexicographic rule: of the cold, the quickest; if all are hot, the one with the fewest in flight. Hot is who
   * has more in flight than the quantile over the recent answers. The probe then counts one more in flight.
   */
  take(): number {
    const threshold = this.#threshold();
    let best: Probe | undefined;
    for (const probe of this.#probes) if (!best || better(probe, best, threshold)) best = probe;
    if (!best) return NONE;
    best.inFlight++;
    best.uses--;
    if (best.uses <= 0) this.forget(best.handle);
    return best.handle;
  }

  /** Removes the oldest and the worst by turns, so that what is bad and never used does not fill the pool. */
  remove(): void {
    if (this.#probes.length === 0) return;
    if (this.#removals++ % 2 === 0) {
      this.#probes.shift();
      return;
    }
    const threshold = this.#threshold();
    const worst = this.#probes.reduce((found, probe) => (better(found, probe, threshold) ? probe : found));
    this.forget(worst.handle);
  }

  #observe(inFlight: number): void {
    const at = this.#answers++ % WINDOW;
    if (at < this.#recent.length) this.#counts[this.#recent[at]]--;
    this.#recent[at] = inFlight;
    this.#counts[inFlight] = (this.#counts[inFlight] ?? 0) + 1;
  }

  /** The quantile of the requests in flight of late. */
  #threshold(): number {
    let left = Math.min(this.#recent.length - 1, Math.floor(this.#quantile * this.#recent.length));
    for (let inFlight = 0; inFlight < this.#counts.length; inFlight++) {
      left -= this.#counts[inFlight] ?? 0;
      if (left < 0) return inFlight;
    }
    return Infinity;
  }
}

function better(a: Probe, b: Probe, threshold: number): boolean {
  const [aHot, bHot] = [a.inFlight > threshold, b.inFlight > threshold];
  if (aHot !== bHot) return bHot;
  if (aHot || a.latencyMs === b.latencyMs) return a.inFlight < b.inFlight;
  return a.latencyMs < b.latencyMs;
}
