/** What a client's connection waits for, one thing at a time, and until when. */
import type { ClientWaits } from './client-limits.ts';
import { Deadline } from './deadlines.ts';

/** What can be waited for. */
export type Awaited = keyof ClientWaits;

/** One deadline that serves all waits of a connection. */
export class Patience {
  awaited: Awaited = 'idle';
  readonly #waits: ClientWaits;
  readonly #deadline: Deadline;

  /** A new connection waits for its first request. @param late is told what did not come in time */
  constructor(waits: ClientWaits, late: (awaited: Awaited) => void) {
    this.#waits = waits;
    this.#deadline = new Deadline(() => {
      late(this.awaited);
    });
    this.await('idle');
  }

  /** Waits for this from now on, and for nothing else. */
  await(what: Awaited): void {
    this.awaited = what;
    this.#waits[what].set(this.#deadline);
  }

  /** Waits for nothing that a client must do. */
  lift(): void {
    this.#deadline.lift();
  }
}
