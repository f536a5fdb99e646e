/** The lightest of many of one weight, kept as loads change: a set of places for each load. */
import { NONE } from '../types.ts';
import { Bits } from './bits.ts';

/**
 * Places 0 to n - 1, each with a load, an integer. A change takes a place from one set to another, and the question
 * which is the first lightest from some place on is one to the set of the least load; neither looks at other places.
 */
export class Levels {
  readonly #loads: Int32Array;
  /** Of each load the places that have it; none where nobody has. */
  readonly #sets: (Bits | undefined)[] = [];
  /** Sets that are empty, to be used again: there are hardly ever more than a few different loads. */
  readonly #spare: Bits[] = [];
  #least = Infinity;

  constructor(loads: readonly number[]) {
    this.#loads = Int32Array.from(loads);
    loads.forEach((load, place) => {
      this.#enter(place, load);
    });
  }

  /** Adds to the load of a place. */
  add(place: number, change: number): void {
    const before = this.#loads[place];
    this.#loads[place] = before + change;
    this.#enter(place, before + change);
    this.#leave(place, before);
  }

  /** The first of the lightest places, counted from `from` on and round. */
  lightest(from: number): number {
    const places = this.#sets[this.#least];
    if (places === undefined) return NONE;
    const next = places.next(from);
    return next === NONE ? places.next(0) : next;
  }

  #enter(place: number, load: number): void {
    const places = (this.#sets[load] ??= this.#spare.pop() ?? new Bits(this.#loads.length));
    places.add(place);
    if (load < this.#least) this.#least = load;
  }

  #leave(place: number, load: number): void {
    const places = this.#sets[load];
    if (places === undefined) return;
    places.delete(place);
    if (!places.empty) return;
    this.#spare.push(places);
    this.#sets[load] = undefined;
    while (this.#sets[this.#least] === undefined) this.#least++;
  }
}
