/** What balancers see of the request at hand. */
import type { Key, Random, Request, Sampler } from '../core/types.ts';

/** One object for all requests. Keys have a stream of their own, so one is drawn only when a policy asks for it. */
export class Caller implements Request {
  workMs = 0;
  readonly #law: Sampler<Key>;
  readonly #random: Random;
  /** Requests that came, and those of them whose keys were drawn. */
  #came = 0;
  #drawn = 0;
  #key: Key = 0;

  constructor(law: Sampler<Key>, random: Random) {
    this.#law = law;
    this.#random = random;
  }

  /** The next request has come. */
  next(workMs: number): void {
    this.#came++;
    this.workMs = workMs;
  }

  /** That of the request that came last, after all that nobody asked for, or the one that was set since. */
  get key(): Key {
    for (; this.#drawn < this.#came; this.#drawn++) this.#key = this.#law(this.#random);
    return this.#key;
  }

  set key(key: Key) {
    this.#key = key;
  }
}
