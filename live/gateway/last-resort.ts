/** What is left to a request when no other replica can be asked: one may join in a moment, and one that is late may answer. */
import type { Forwarding } from './forwarding.ts';
import type { Running } from './running.ts';

/** The wait of one request, which ends with an answer of the gateway's own. */
export class LastResort {
  readonly #forwarding: Forwarding;
  readonly #running: Running;
  readonly #end: () => void;
  #unpark: (() => void) | null = null;

  /** @param running the tries that are late @param end is called when nothing is left to wait for */
  constructor(forwarding: Forwarding, running: Running, end: () => void) {
    this.#forwarding = forwarding;
    this.#running = running;
    this.#end = end;
  }

  /** Waits for a replica to join, as a standby soon will; `joined` says whether there is one. */
  wait(joined: () => boolean): void {
    const { failover, membership, parking } = this.#forwarding;
    const { pending, waitMs } = failover.options;
    if (membership.wantsNone || waitMs === 0 || parking.size >= pending) return;
    this.#unpark = parking.wait(waitMs, joined, () => {
      this.#unpark = null;
      this.look();
    });
  }

  /** Ends the request, unless a replica may still join or answer. */
  look(): void {
    if (this.#unpark === null && !this.#running.mayAnswer) this.#end();
  }

  /** The request goes on, or nobody wants its answer any more. */
  lift(): void {
    this.#unpark?.();
    this.#unpark = null;
  }
}
