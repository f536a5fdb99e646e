/** First come, first served: c workers that each serve one request at a time, and a bounded queue. */
import type { Replica } from '../core/types.ts';
import { NONE } from '../core/types.ts';
import { Server } from './server.ts';
import type { Floor, Offer } from './server.ts';
import { SERVING, WAITING } from './tries.ts';

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
    if (this.#serving < workers) {
      this.inFlight++;
      tries.leftMs[row] = workMs;
      this.#begin(row, now);
      return 'serve';
    }
    if (this.inFlight - this.#serving >= room) return 'full';
    this.inFlight++;
    tries.leftMs[row] = workMs;
    tries.state[row] = WAITING;
    tries.previous[row] = this.#lastWaiting;
    tries.next[row] = NONE;
    if (this.#lastWaiting === NONE) this.#firstWaiting = row;
    else tries.next[this.#lastWaiting] = row;
    this.#lastWaiting = row;
    return 'wait';
  }

  override complete(row: number, now: number): void {
    const { busyMs, leftMs } = this.#floor.tries;
    busyMs[row] += leftMs[row] / this.rate;
    this.#leave(row, now);
  }

  override withdraw(row: number, now: number): void {
    const { busyMs, sinceMs, state } = this.#floor.tries;
    if (state[row] === SERVING) {
      busyMs[row] += now - sinceMs[row];
      this.#leave(row, now);
    } else {
      this.inFlight--;
      this.#unlinkWaiting(row);
    }
  }

  override fail(now: number): number[] {
    const { busyMs, sinceMs } = this.#floor.tries;
    for (const row of this.#chain(this.#firstServing)) busyMs[row] += now - sinceMs[row];
    const all = [...this.#chain(this.#firstServing), ...this.#chain(this.#firstWaiting)];
    this.#firstServing = this.#lastServing = this.#firstWaiting = this.#lastWaiting = NONE;
    this.#serving = this.inFlight = 0;
    return all;
  }

  override busyMs(now: number): number {
    const { busyMs, sinceMs } = this.#floor.tries;
    let busy = 0;
    for (const row of this.#chain(this.#firstServing)) busy += busyMs[row] + now - sinceMs[row];
    return busy;
  }

  protected override change(rate: number, now: number): void {
    const { tries } = this.#floor;
    for (const row of this.#chain(this.#firstServing)) {
      const passed = now - tries.sinceMs[row];
      tries.busyMs[row] += passed;
      tries.leftMs[row] = Math.max(0, tries.leftMs[row] - passed * this.rate);
    }
    this.rate = rate;
    for (const row of this.#chain(this.#firstServing)) this.#schedule(row, now);
  }

  #begin(row: number, now: number): void {
    const { tries } = this.#floor;
    tries.state[row] = SERVING;
    tries.beganMs[row] = now;
    tries.previous[row] = this.#lastServing;
    tries.next[row] = NONE;
    if (this.#lastServing === NONE) this.#firstServing = row;
    else tries.next[this.#lastServing] = row;
    this.#lastServing = row;
    this.#serving++;
    this.#schedule(row, now);
  }

  /** A replica that hangs schedules nothing until it goes on. */
  #schedule(row: number, now: number): void {
    const { departure, kernel, tries } = this.#floor;
    tries.sinceMs[row] = now;
    const plan = ++tries.plan[row];
    if (this.rate > 0) kernel.at(now + tries.leftMs[row] / this.rate, departure, row, plan);
  }

  /** Frees a worker, who takes the first that waits. */
  #leave(row: number, now: number): void {
    const { next, previous } = this.#floor.tries;
    const [before, after] = [previous[row], next[row]];
    if (before === NONE) this.#firstServing = after;
    else next[before] = after;
    if (after === NONE) this.#lastServing = before;
    else previous[after] = before;
    this.#serving--;
    this.inFlight--;
    const first = this.#firstWaiting;
    if (first === NONE) return;
    this.#unlinkWaiting(first);
    this.#begin(first, now);
  }

  #unlinkWaiting(row: number): void {
    const { next, previous } = this.#floor.tries;
    const [before, after] = [previous[row], next[row]];
    if (before === NONE) this.#firstWaiting = after;
    else next[before] = after;
    if (after === NONE) this.#lastWaiting = before;
    else previous[after] = before;
  }

  #chain(first: number): number[] {
    const { next } = this.#floor.tries;
    const rows: number[] = [];
    for (let row = first; row !== NONE; row = next[row]) rows.push(row);
    return rows;
  }
}
