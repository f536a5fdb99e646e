/** The kernel: a clock that jumps from event to event, and calls the handler of each. It knows nothing of balancing. */
import { EventQueue } from './event-queue.ts';

/** The kind that there is most of. */
const MAIN = 0;

/** Events that are handled in one go. */
const SOME = 256;

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
  /** When the event is due that `schedule` is called for. */
  due = 0;
  readonly #queue = new EventQueue();
  /** By kind; the first is never called. */
  readonly #handlers: FrequentHandler[] = [() => undefined];
  #main: FrequentHandler = () => undefined;
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

  /** Declares the kind that there is most of; one a run, so that the call of its handler can be compiled into the loop. */
  main(handler: FrequentHandler): Kind {
    this.#main = handler;
    return MAIN;
  }

  /** Schedules an event; two integers say which. */
  at(time: number, kind: Kind, subject: number, detail: number): void {
    this.due = time;
    this.schedule(kind, subject, detail);
  }

  /** The same at the time that is `due`: for what happens all the time. */
  schedule(kind: Kind, subject: number, detail: number): void {
    this.#queue.near.due = this.due;
    this.#queue.insert(kind, subject, detail);
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
    while (this.#goOn());
  }

  /**
   * Some events; returns whether there are more. A function that is called again and again is compiled anew when the
   * compiler knows better; one that is in its only loop would stay as it was compiled first.
   */
  #goOn(): boolean {
    const queue = this.#queue;
    const { near } = queue;
    const handlers = this.#handlers;
    for (let i = 0; i < SOME; i++) {
      if (this.#stopped) return false;
      near.horizon = this.#coming;
      if (queue.pop()) {
        this.now = near.time;
        if (near.kind === MAIN) this.#main(near.subject, near.detail);
        else handlers[near.kind](near.subject, near.detail);
      } else if (this.#coming < Infinity) this.#arrive();
      else return false;
    }
    return true;
  }

  #arrive(): void {
    this.now = this.#coming;
    this.#coming = Infinity;
    this.#source();
  }
}
