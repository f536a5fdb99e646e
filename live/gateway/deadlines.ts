/** Timeouts by the ten thousand: one timer for all, and setting or lifting one is a few assignments. */

/** Ticks are no closer than this: a timeout is late by at most so much. */
const TICK_MS = 5;

/** Something that must have happened by a time, or else. Belongs to one queue at most. */
export class Deadline {
  due = 0;
  queue: DeadlineQueue | null = null;
  before: Deadline = this;
  after: Deadline = this;
  readonly late: () => void;

  constructor(late: () => void) {
    this.late = late;
  }

  /** Lifts it; one that is not set stays so. */
  lift(): void {
    if (this.queue === null) return;
    this.before.after = this.after;
    this.after.before = this.before;
    this.queue = null;
  }
}

/** Deadlines of one duration, which makes a queue of them: whoever came first is due first. */
export class DeadlineQueue {
  readonly ms: number;
  readonly head = new Deadline(() => undefined);
  readonly #all: Deadlines;

  constructor(ms: number, all: Deadlines) {
    this.ms = ms;
    this.#all = all;
  }

  /** The one that is due first. */
  get first(): Deadline | null {
    return this.head.after === this.head ? null : this.head.after;
  }

  /** Sets a deadline so far from now; one that was set before, in any queue, counts from now. Never, for 0 ms. */
  set(deadline: Deadline): void {
    deadline.lift();
    if (this.ms === 0) return;
    const { head } = this;
    deadline.due = performance.now() + this.ms;
    deadline.queue = this;
    deadline.before = head.before;
    deadline.after = head;
    head.before.after = deadline;
    head.before = deadline;
    this.#all.moved(deadline.due);
  }
}

/** All queues, and the timer. */
export class Deadlines {
  readonly #queues = new Set<DeadlineQueue>();
  readonly #shared = new Map<number, DeadlineQueue>();
  #timer: NodeJS.Timeout | undefined;
  #timerDue = Infinity;

  /** The queue of a duration in ms, which all share. */
  lasting(ms: number): DeadlineQueue {
    let queue = this.#shared.get(ms);
    if (!queue) this.#shared.set(ms, (queue = this.own(ms)));
    return queue;
  }

  /** A queue for one purpose only, so that who is due first in it can be told. */
  own(ms: number): DeadlineQueue {
    const queue = new DeadlineQueue(ms, this);
    this.#queues.add(queue);
    return queue;
  }

  /** Lets the process end; nothing is late any more. */
  close(): void {
    clearTimeout(this.#timer);
    this.#timerDue = -Infinity;
  }

  /** A deadline is due then, perhaps earlier than all others. */
  moved(due: number): void {
    if (due < this.#timerDue) this.#wakeAt(due);
  }

  #wakeAt(due: number): void {
    clearTimeout(this.#timer);
    this.#timerDue = due;
    // After a stall of this process a deadline is past before what came in time was looked at: that comes first.
    const wake = (): void => void setImmediate(this.#expire);
    this.#timer = setTimeout(wake, Math.max(TICK_MS, Math.ceil(due - performance.now()))).unref();
  }

  readonly #expire = (): void => {
    if (this.#timerDue === -Infinity) return;
    const now = performance.now();
    this.#timerDue = Infinity;
    let earliest = Infinity;
    for (const { head } of this.#queues) {
      while (head.after !== head && head.after.due <= now) {
        const { after } = head;
        after.lift();
        after.late();
      }
      if (head.after !== head) earliest = Math.min(earliest, head.after.due);
    }
    if (earliest < this.#timerDue) this.#wakeAt(earliest);
  };
}
