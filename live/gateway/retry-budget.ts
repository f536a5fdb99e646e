/**
 * A retry budget: retries may be a share of the requests of the last ten seconds, so that they cannot make an overload
 * worse. After Finagle's RetryBudget (finagle-core, RetryBudget.scala): tokens expire, and a few retries a second are free.
 */
const SLOTS = 10;
const SLOT_MS = 1000;

export interface RetryBudgetOptions {
  /** Retries for each request, 0.2 for one in five. */
  readonly share: number;
  /** Retries a second that are allowed whatever the number of requests, so that a trickle is retried too. */
  readonly leastASecond: number;
}

/** Counts requests and retries in a window of ten seconds; a hot path, so nothing is allocated. */
export class RetryBudget {
  options: RetryBudgetOptions;
  /** Tokens by second: a request adds the share, a retry takes one. */
  readonly #slots = new Float64Array(SLOTS);
  #slot = 0;
  #slotEnds = -Infinity;
  #balance = 0;

  constructor(options: RetryBudgetOptions) {
    this.options = options;
  }

  /** Retries that may be made now, in ms as everywhere here. */
  left(now: number): number {
    this.#turn(now);
    return Math.max(0, this.#balance + this.options.leastASecond * SLOTS);
  }

  /** A request was made for the first time. */
  deposit(now: number): void {
    this.#turn(now);
    this.#add(this.options.share);
  }

  /** True when a retry may be made, which counts it. */
  withdraw(now: number): boolean {
    if (this.left(now) < 1) return false;
    this.#add(-1);
    return true;
  }

  #add(tokens: number): void {
    this.#slots[this.#slot] += tokens;
    this.#balance += tokens;
  }

  /** Forgets seconds that are more than ten ago. */
  #turn(now: number): void {
    if (now < this.#slotEnds) return;
    const passed = Math.min(SLOTS, 1 + Math.floor((now - this.#slotEnds) / SLOT_MS));
    for (let i = 0; i < passed; i++) {
      this.#slot = (this.#slot + 1) % SLOTS;
      this.#balance -= this.#slots[this.#slot];
      this.#slots[this.#slot] = 0;
    }
    if (passed === SLOTS) this.#balance = 0; // no rounding is carried on
    this.#slotEnds += passed * SLOT_MS;
    if (now >= this.#slotEnds) this.#slotEnds = now + SLOT_MS;
  }
}
