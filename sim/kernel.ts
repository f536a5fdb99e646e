/** The kernel: a clock that jumps from event to event, and calls the handler of each. It knows nothing of balancing. */
import { EventQueue } from './event-queue.ts';

/** What to do when an event comes due: its two integers and the time. */
export type Handler = (subject: number, detail: number, now: number) => void;

/** A kind of event, as `Kernel.kind` hands it out. */
export type Kind = number;

/** Time in ms from 0. Events at one time happen in the order in which they were scheduled. */
export class Kernel {
  readonly #queue = new EventQueue();
  readonly #handlers: Handler[] = [];

  /** Declares a kind of event. */
  kind(handler: Handler): Kind {
    return this.#handlers.push(handler) - 1;
  }

  /** Schedules an event; two integers say which. */
  at(time: number, kind: Kind, subject = 0, detail = 0): void {
    this.#queue.push(time, kind, subject, detail);
  }

  /** Runs until `over()` or until nothing is left to happen. */
  run(over: () => boolean): void {
    const queue = this.#queue;
    while (!over() && queue.pop()) this.#handlers[queue.kind](queue.subject, queue.detail, queue.time);
  }
}
