/** A budget for tries beyond the first, so that retries cannot multiply an overload. */

const TTL_MS = 10_000;
const SLICES = 10;
const SLICE_MS = TTL_MS / SLICES;

/**
 * A token bucket that forgets: each request pays in `ratio`, each further try takes 1 out, and what came in is worth
 * nothing after 10 s. A reserve of so many a second is there in any case, for balancers with few requests (Finagle,
 * RetryBudget: leaky token bucket over a windowed sum of ten slices).
 */
export class Budget {
  readonly #ratio: number;
  readonly #reserve: number;
  readonly #slices = new Float64Array(SLICES);
  #slice = 0;
  #sum = 0;

  constructor(ratio: number, reserveASecond: number) {
    this.#ratio = ratio;
    this.#reserve = (reserveASecond * TTL_MS) / 1000;
  }

  /** A request came. */
  pay(now: number): void {
    this.#turn(now);
    this.#add(this.#ratio);
  }

  /** Whether one more try may be sent; it is paid for then. */
  take(now: number): boolean {
    this.#turn(now);
    if (this.#sum + this.#reserve < 1) return false;
    this.#add(-1);
    return true;
  }

  #add(amount: number): void {
    this.#slices[this.#slice % SLICES] += amount;
    this.#sum += amount;
  }

  /** Empties the slices that time has passed over. */
  #turn(now: number): void {
    const slice = Math.floor(now / SLICE_MS);
    if (slice === this.#slice) return;
    if (slice - this.#slice >= SLICES) this.#slices.fill(0);
    else for (let old = this.#slice + 1; old <= slice; old++) this.#slices[old % SLICES] = 0;
    this.#slice = slice;
    this.#sum = this.#slices.reduce((total, amount) => total + amount, 0);
  }
}
