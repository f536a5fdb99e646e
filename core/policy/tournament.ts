/** The lightest of many, kept as loads change: a tournament tree (Knuth, The Art of Computer Programming 3, 5.4.1). */
import { NONE } from '../types.ts';

/**
 * Places 0 to n - 1, each with a load and a weight. A change costs log n, and so does the question which is the first
 * lightest from some place on; a scan costs n. `a` beats `b` if load a / weight a < load b / weight b, multiplied out
 * so that no rounding decides.
 */
export class Tournament {
  readonly #leaves: number;
  /** The tree in an array: the winner below node i, from 1; where the leaves would be, from `#leaves` on, each is its own. */
  readonly #winners: Int32Array;
  readonly #loads: Int32Array;
  readonly #weights: Float64Array;

  constructor(loads: readonly number[], weights: readonly number[]) {
    this.#leaves = 1;
    while (this.#leaves < loads.length) this.#leaves *= 2;
    this.#loads = Int32Array.from(loads);
    this.#weights = Float64Array.from(weights);
    this.#winners = new Int32Array(this.#leaves);
    for (let node = this.#leaves - 1; node > 0; node--) this.#winners[node] = this.#match(node);
  }

  /** Adds to the load of a place. */
  add(place: number, change: number): void {
    this.#loads[place] += change;
    for (let node = (this.#leaves + place) >> 1; node > 0; node >>= 1) {
      const winner = this.#match(node);
      // Who wins without being the one that changed wins further up as before.
      if (winner === this.#winners[node] && winner !== place) return;
      this.#winners[node] = winner;
    }
  }

  /** The first of the lightest places, counted from `from` on and round. */
  lightest(from: number): number {
    let best = from;
    for (let node = this.#leaves + from; node > 1; node >>= 1) {
      const right = node % 2 === 0 ? this.#winner(node + 1) : NONE;
      if (right !== NONE && this.#beats(right, best)) best = right;
    }
    const first = this.#winner(1);
    return this.#beats(first, best) ? first : best;
  }

  /** The better child, the left one if they are equal. */
  #match(node: number): number {
    const left = this.#winner(2 * node);
    const right = this.#winner(2 * node + 1);
    return right !== NONE && this.#beats(right, left) ? right : left;
  }

  /** NONE where the places end before the leaves do. */
  #winner(node: number): number {
    if (node < this.#leaves) return this.#winners[node];
    const place = node - this.#leaves;
    return place < this.#loads.length ? place : NONE;
  }

  #beats(a: number, b: number): boolean {
    return this.#loads[a] * this.#weights[b] < this.#loads[b] * this.#weights[a];
  }
}
