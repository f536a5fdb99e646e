/**
 * Whether a replica that misses its heartbeats is to blame. Where most are silent at once, the machine or its network stands
 * still, and to give them all up would leave nobody to serve when it goes on (as Envoy's panic threshold, for those who probe).
 */
import type { Roster } from './roster.ts';

/** Judges the silence of the replicas of a roster. */
export class Silence {
  readonly #roster: Roster;
  readonly #togetherMs: number;
  #lastMs = -Infinity;

  constructor(roster: Roster, togetherMs: number) {
    this.#roster = roster;
    this.#togetherMs = togetherMs;
  }

  /**
   * Whether a replica that has missed too many heartbeats may be given up; it is, when this is true. Of those that are
   * silent together one at a time may: once all others have a successor that serves, or are waited for in vain.
   */
  counts(silentMs: number): boolean {
    const { all, snapshot } = this.#roster;
    const serving = all.filter((occupant) => occupant.serving && !occupant.doomed);
    const silent = serving.filter(({ watch }) => watch !== undefined && watch.missed > 0);
    if (silent.length * 2 < serving.length) return true;
    const now = performance.now();
    const inVain = Math.min(silentMs, now - this.#lastMs) >= this.#togetherMs;
    if (serving.length < snapshot.wanted && !inVain) return false;
    this.#lastMs = now;
    return true;
  }
}
