/** Heads repeat on a connection, to the byte but for the target or the date: the last one is kept, and not read again. */

/** Of larger texts none is kept, so that an idle connection stays small. */
const MOST_LENGTH = 2048;

/** Reads texts, of which the same one is likely to come again. What it gives is shared, so nobody may change it. */
export class LastRead<T extends object> {
  readonly #read: (text: string) => T;
  #text = '';
  #result: T | null = null;

  /** @param read must depend on nothing but the text; what it throws is thrown, and not kept */
  constructor(read: (text: string) => T) {
    this.#read = read;
  }

  of(text: string): T {
    if (this.#result !== null && text === this.#text) return this.#result;
    const result = this.#read(text);
    if (text.length > MOST_LENGTH) return result;
    this.#text = text;
    this.#result = result;
    return result;
  }
}
