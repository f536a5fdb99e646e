/** Draws of one law, made a block at a time. */
import { draws } from '../core/random/draw.ts';
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
    draws(this.#law, this.#random, this.#values, AHEAD);
    this.#at = 0;
  }
}
