/** First come, first served: c workers that each serve one request at a time, and a bounded queue. */
import type { Replica } from '../core/types.ts';
import { NONE } from '../core/types.ts';
import { Server } from './server.ts';
import type { Floor, Offer } from './server.ts';
import { BEGAN_AT, BUSY, LEFT, NEXT, PLAN, PREVIOUS, SERVING, SINCE, STATE, WAITING } from './tries.ts';

/** Both lists are chains through the rows of the tries, so that leaving from the middle costs no search. */
export class QueueServer extends Server {
  readonly #floor: Floor;
  #serving = 0;
  #firstServing = NONE;
  #lastServing = NONE;
  #firstWaiting = NONE;
  #lastWaiting = NONE;

  constructor(replica: Replica, speed: number, floor: Floor) {
    super(replica, speed);
    this.#floor = floor;
  }

  override offer(row: number, workMs: number, now: number): Offer {
    const { room, tries, workers } = this.#floor;
    const { ints, ms } = tries;
    if (this.#serving < workers) {
      this.inFlight++;
      ms[row + LEFT] = workMs;
      this.#begin(row, now);
      return 'serve';
    }
    if (this.inFlight - this.#serving >= room) return 'full';
    this.inFlight++;
    ms[row + LEFT] = workMs;
    ints[row + STATE] = WAITING;
    ints[row + PREVIOUS] = this.#lastWaiting;
    ints[row + NEXT] = NONE;
    if (this.#lastWaiting === NONE) this.#firstWaiting = row;
    else ints[this.#lastWaiting + NEXT] = row;
    this.#lastWaiting = row;
    return 'wait';
  }

  override complete(row: number, now: number): void {
    const { ms } = this.#floor.tries;
    ms[row + BUSY] += ms[row + LEFT] / this.rate;
    this.#leave(row, now);
  }

  override withdraw(row: number, now: number): void {
    const { ints, ms } = this.#floor.tries;
    if (ints[row + STATE] === SERVING) {
      ms[row + BUSY] += now - ms[row + SINCE];
      this.#leave(row, now);
    } else {
      this.inFlight--;
      this.#unlinkWaiting(row);
    }
  }

  override fail(now: number): number[] {
    const { ms } = this.#floor.tries;
    for (const row of this.#chain(this.#firstServing)) ms[row + BUSY] += now - ms[row + SINCE];
    const all = [...this.#chain(this.#firstServing), ...this.#chain(this.#firstWaiting)];
    this.#firstServing = this.#lastServing = this.#firstWaiting = this.#lastWaiting = NONE;
    this.#serving = this.inFlight = 0;
    return all;
  }

  override busyMs(now: number): number {
    const { ms } = this.#floor.tries;
    let busy = 0;
    for (const row of this.#chain(this.#firstServing)) busy += ms[row + BUSY] + now - ms[row + SINCE];
    return busy;
  }

  protected override change(rate: number, now: number): void {
    const { ms } = this.#floor.tries;
    for (const row of this.#chain(this.#firstServing)) {
      const passed = now - ms[row + SINCE];
      ms[row + BUSY] += passed;
      ms[row + LEFT] = Math.max(0, ms[row + LEFT] - passed * this.rate);
    }
    this.rate = rate;
    for (const row of this.#chain(this.#firstServing)) this.#schedule(row, now);
  }

  #begin(row: number, now: number): void {
    const { ints, ms } = this.#floor.tries;
    ints[row + STATE] = SERVING;
    ms[row + BEGAN_AT] = now;
    ints[row + PREVIOUS] = this.#lastServing;
    ints[row + NEXT] = NONE;
    if (this.#lastServing === NONE) this.#firstServing = row;
    else ints[this.#lastServing + NEXT] = row;
    this.#lastServing = row;
    this.#serving++;
    this.#schedule(row, now);
  }

  /** A replica that hangs schedules nothing until it goes on. */
  #schedule(row: number, now: number): void {
    const { departure, kernel, tries } = this.#floor;
    const { ints, ms } = tries;
    ms[row + SINCE] = now;
    const plan = ++ints[row + PLAN];
    if (this.rate > 0) kernel.at(now + ms[row + LEFT] / this.rate, departure, row, plan);
  }

  /** Frees a worker, who takes the first that waits. */
  #leave(row: number, now: number): void {
    const { ints } = this.#floor.tries;
    const before = ints[row + PREVIOUS];
    const after = ints[row + NEXT];
    if (before === NONE) this.#firstServing = after;
    else ints[before + NEXT] = after;
    if (after === NONE) this.#lastServing = before;
    else ints[after + PREVIOUS] = before;
    this.#serving--;
    this.inFlight--;
    const first = this.#firstWaiting;
    if (first === NONE) return;
    this.#unlinkWaiting(first);
    this.#begin(first, now);
  }

  #unlinkWaiting(row: number): void {
    const { ints } = this.#floor.tries;
    const before = ints[row + PREVIOUS];
    const after = ints[row + NEXT];
    if (before === NONE) this.#firstWaiting = after;
    else ints[before + NEXT] = after;
    if (after === NONE) this.#lastWaiting = before;
    else ints[after + PREVIOUS] = before;
  }

  #chain(first: number): number[] {
    const { ints } = this.#floor.tries;
    const rows: number[] = [];
    for (let row = first; row !== NONE; row = ints[row + NEXT]) rows.push(row);
    return rows;
  }
}
