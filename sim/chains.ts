/** The tries of each request that are under way, the last sent first: chains from a request through its tries. */
import { NONE } from '../core/types.ts';
import { LATEST } from './requests.ts';
import type { Requests } from './requests.ts';

/** Kept only where a request may be sent again: without that it has one try at most, and LATEST stays NONE. */
export class Chains {
  readonly #requests: Requests;
  /** The other try under way that was sent before, by try. */
  readonly #older = new Map<number, number>();

  constructor(requests: Requests) {
    this.#requests = requests;
  }

  add(request: number, row: number): void {
    const { ints } = this.#requests;
    if (ints[request + LATEST] !== NONE) this.#older.set(row, ints[request + LATEST]);
    ints[request + LATEST] = row;
  }

  remove(request: number, row: number): void {
    const { ints } = this.#requests;
    const older = this.#older.get(row) ?? NONE;
    if (ints[request + LATEST] === row) ints[request + LATEST] = older;
    else this.#bypass(ints[request + LATEST], row, older);
    this.#older.delete(row);
  }

  /** Links whoever came after the try to who came before. */
  #bypass(from: number, row: number, older: number): void {
    let at = from;
    while (at !== NONE && this.#older.get(at) !== row) at = this.#older.get(at) ?? NONE;
    if (at === NONE) return;
    if (older === NONE) this.#older.delete(at);
    else this.#older.set(at, older);
  }
}
