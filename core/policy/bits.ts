/** A set of small integers that says quickly which is the next from some number on. */
import { NONE } from '../types.ts';

/**
 * A bit for each of n integers, a bit for each word of these that is not empty, and so on until one word is left: of
 * 100,000 integers four levels and 13 kB, which stay in the nearest cache (van Emde Boas 1975, with words of 32).
 */
export class Bits {
  readonly #levels: readonly Int32Array[];

  constructor(n: number) {
    const levels: Int32Array[] = [];
    for (let width = n; levels.length === 0 || width > 1; width = levels[levels.length - 1].length)
      levels.push(new Int32Array(Math.ceil(width / 32)));
    this.#levels = levels;
  }

  add(integer: number): void {
    let at = integer;
    for (const words of this.#levels) {
      const word = words[at >> 5];
      words[at >> 5] = word | (1 << (at & 31));
      if (word !== 0) return;
      at >>= 5;
    }
  }

  delete(integer: number): void {
    let at = integer;
    for (const words of this.#levels) {
      const word = words[at >> 5] & ~(1 << (at & 31));
      words[at >> 5] = word;
      if (word !== 0) return;
      at >>= 5;
    }
  }

  get empty(): boolean {
    return this.#levels[this.#levels.length - 1][0] === 0;
  }

  /** The least that is `from` or more; NONE if there is none. */
  next(from: number): number {
    const levels = this.#levels;
    let at = from;
    for (let level = 0; level < levels.length; level++) {
      const words = levels[level];
      if (at >> 5 >= words.length) return NONE;
      const rest = words[at >> 5] >>> (at & 31);
      if (rest !== 0) {
        at += lowest(rest);
        while (level > 0) at = 32 * at + lowest(levels[--level][at]);
        return at;
      }
      at = (at >> 5) + 1;
    }
    return NONE;
  }
}

/** The place of the lowest bit of a word that has one. */
function lowest(word: number): number {
  return 31 - Math.clz32(word & -word);
}
