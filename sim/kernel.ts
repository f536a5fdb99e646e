/** The kernel: a clock that jumps from event to event, and calls the handler of each. It knows nothing of balancing. */
import { EventQueue } from './event-queue.ts';

/** What to do when an event comes due: its two integers and the time. */
export type Handler = (subject: number, detail: number, now: number) => void;

/** The same for what happens all the time: who wants the time asks the kernel, since a number that is handed over is allocated. */
export type FrequentHandler = (subject: number, detail: number) => void;

/** A kind of event, as `Kernel.kind` hands it out. */
export type Kind = number;

/** Something from outside comes now; it says by `comes` when the next of its kind will. */
export type Source = () => void;

/**
 * Time in ms from 0. Events at one time happen in the order in which they were scheduled. What comes from the source
 * is scheduled as late as can be, when nothing else is left up to its time: at equal times it comes last, so that who
 * arrives just as a place becomes free finds it free.
 */
export class Kernel {
  /** The time of the event that is being handled. */
  now = 0;
  readonly #queue = new EventQueue();
  readonly #handlers: FrequentHandler[] = [];
  #source: Source = () => undefined;
  #coming = Infinity;
  #stopped = false;

  /** Declares a kind of event. */
  kind(handler: Handler): Kind {
    return this.frequent((subject, detail) => {
      handler(subject, detail, this.now);
    });
  }

  /** Declares a kind of which there is one or more a request. */
  frequent(handler: FrequentHandler): Kind {
    return this.#handlers.push(handler) - 1;
  }

  /** Schedules an event; two integers say which. */
  at(time: number, kind: Kind, subject = 0, detail = 0): void {
    this.#queue.push(time, kind, subject, detail);
  }

  /** Names what comes from outside one after the other, as open arrivals do: it costs the queue nothing. */
  source(source: Source): void {
    this.#source = source;
  }

  /** When the next from outside comes. */
  comes(time: number): void {
    this.#coming = time;
  }

  /** Ends the run after the event that is being handled. */
  stop(): void {
    this.#stopped = true;
  }

  /** Runs until it is told to stop or until nothing is left to happen. */
  run(): void {
    const queue = this.#queue;
    const handlers = this.#handlers;
    while (!this.#stopped) {
      queue.horizon = this.#coming;
      if (queue.pop()) {
        this.now = queue.time;
        handlers[queue.kind](queue.subject, queue.detail);
      } else if (this.#coming < Infinity) this.#arrive();
      else return;
    }
  }

  #arrive(): void {
    this.now = this.#coming;
    this.#coming = Infinity;
    this.#source();
  }
}
