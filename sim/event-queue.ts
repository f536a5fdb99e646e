/** The future: events that come soon in a heap, and where there are many, all others by the day on which they come. */
import { Calendar } from './calendar.ts';
import { EventHeap } from './event-heap.ts';

/** So many events are no burden to a heap: it lies in the nearest cache. */
const MANY = 512;

/**
 * A heap of many events costs a miss of the cache on each of its levels, twice an event; a calendar costs one or two
 * whatever their number. The heap decides what comes first; the calendar only keeps away what is later than all of it.
 */
export class EventQueue {
  /** Events of days that have come. The one that `pop` took out last is in its fields, and who inserts sets `due`. */
  readonly near = new EventHeap();
  readonly #calendar = new Calendar(this.near);
  #sequence = 0;
  /** Events that are still added before too large a heap is spread over days. */
  #patience = 0;

  get size(): number {
    return this.near.size + this.#calendar.size;
  }

  /** Takes the next event into the fields of `near`; false when there is none up to its horizon. */
  pop(): boolean {
    const { near } = this;
    return near.pop() || (this.#calendar.size > 0 && near.size === 0 && this.#calendar.turn() && near.pop());
  }

  /** Adds an event at the time that is `due` in `near`. */
  insert(kind: number, subject: number, detail: number): void {
    const { near } = this;
    near.order = this.#sequence++;
    if (this.#calendar.isFar()) {
      this.#calendar.add(kind, subject, detail);
      return;
    }
    near.insert(kind, subject, detail);
    if (near.size > MANY && --this.#patience < 0) this.#spread();
  }

  /** As many are added before the next attempt as there are now, so that attempts in vain cost little. */
  #spread(): void {
    this.#patience = this.size;
    this.#calendar.begin();
  }
}
