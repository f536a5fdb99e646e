/** When a gateway that has ended is started again: at once if it was sound, later and later if it only ever dies. */

/** One that has listened for so long had nothing wrong with it: it is started again at once, however often. */
const SOUND_MS = 1000;
const FIRST_MS = 100;
const MOST_MS = 5000;

/** Counts those that ended young, in a row. */
export class Comeback {
  #young = 0;

  /** How long to wait before the next one, in ms. @param listenedMs how long the one that ended had listened; -Infinity: it never did */
  afterMs(listenedMs: number): number {
    if (listenedMs > SOUND_MS) this.#young = 0;
    else this.#young++;
    return this.#young === 0 ? 0 : Math.min(MOST_MS, FIRST_MS * 2 ** (this.#young - 1));
  }
}
