/** Draws of one law, made a block at a time. */
import type { Random, Sampler } from '../core/types.ts';

/** As many as a stream draws at once. */
const AHEAD = 128;

/**
 * Each purpose has a stream of its own, so drawing ahead changes no number. In a loop of its own a law is compiled
 * into that loop, and its numbers come out of a column and not, boxed, from call to call.
 */
export class Ahead {
  readonly #law: Sampler;
  readonly #random: Random;
  readonly #values = new Float64Array(AHEAD);
  #at = AHEAD;

  constructor(law: Sampler, random: Random) {
    this.#law = law;
    this.#random = random;
  }

  next(): number {
    if (this.#at === AHEAD) this.#draw();
    return this.#values[this.#at++];
  }

  #draw(): void {
    const law = this.#law;
    const random = this.#random;
    const values = this.#values;
    for (let i = 0; i < AHEAD; i++) values[i] = law(random);
    this.#at = 0;
  }
}
