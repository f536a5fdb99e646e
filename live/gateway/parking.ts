/** Requests that wait for a replica to join: where the last one died, a standby takes its place in a moment. */

/** Who waits, in order of coming. */
export class Parking {
  readonly #looks = new Set<() => void>();

  /** Requests that wait. */
  get size(): number {
    return this.#looks.size;
  }

  /** Asks `joined` whenever a replica has, until that is true or the time is over; the function that comes back ends the wait. */
  wait(withinMs: number, joined: () => boolean, over: () => void): () => void {
    const end = (): void => {
      clearTimeout(timer);
      this.#looks.delete(look);
    };
    const look = (): void => {
      if (joined()) end();
    };
    const timer = setTimeout(() => {
      end();
      over();
    }, withinMs);
    this.#looks.add(look);
    return end;
  }

  /** A replica has joined. */
  look(): void {
    for (const look of [...this.#looks]) look();
  }
}
