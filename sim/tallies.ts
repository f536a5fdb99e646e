/** What is counted of each replica, by handle: numbers side by side, so that a request touches one cache line. */
import type { Replica } from '../core/types.ts';
import type { Step, Tally } from './rows.ts';

/** PICKED counts picks less those that were completed, so that a block of requests changes one count less. */
const [PICKED, COMPLETED, FAILED, BUSY_MS, WIDTH] = [0, 1, 2, 3, 4];

type Fate = 'failedMs' | 'leftMs';

/** What is not counted of it. */
interface Member extends Record<Fate, number | null> {
  readonly replica: Replica;
  readonly joinedMs: number;
  steps?: Map<number, Step>;
}

/** Of every replica that ever joined; 32 bytes each beside its record. */
export class Tallies {
  readonly #members: Member[] = [];
  #counts = new Float64Array(8 * WIDTH);

  joined(replica: Replica, now: number): void {
    this.#members[replica.handle] = { replica, joinedMs: now, failedMs: null, leftMs: null };
    const needed = (replica.handle + 1) * WIDTH;
    if (needed <= this.#counts.length) return;
    const counts = new Float64Array(2 * needed);
    counts.set(this.#counts);
    this.#counts = counts;
  }

  /** When a replica failed or was drained, or null when it is back. */
  set(handle: number, fate: Fate, now: number | null): void {
    this.#members[handle][fate] = now;
  }

  /** So many picks. */
  picked(count: number, handles: Int32Array): void {
    const counts = this.#counts;
    for (let i = 0; i < count; i++) counts[handles[i] * WIDTH + PICKED]++;
  }

  /** So many requests were served. */
  ends(count: number, handles: Int32Array, busyMs: Float64Array): void {
    const counts = this.#counts;
    for (let i = 0; i < count; i++) {
      const at = handles[i] * WIDTH;
      counts[at + PICKED]--;
      counts[at + COMPLETED]++;
      counts[at + BUSY_MS] += busyMs[i];
    }
  }

  failed(handle: number, busyMs: number): void {
    this.#counts[handle * WIDTH + FAILED]++;
    this.#counts[handle * WIDTH + BUSY_MS] += busyMs;
  }

  worked(handle: number, busyMs: number): void {
    this.#counts[handle * WIDTH + BUSY_MS] += busyMs;
  }

  /** So many requests were picked for and served. */
  block(count: number, handles: Int32Array, busyMs: Float64Array): void {
    const counts = this.#counts;
    for (let i = 0; i < count; i++) {
      const at = handles[i] * WIDTH;
      counts[at + COMPLETED]++;
      counts[at + BUSY_MS] += busyMs[i];
    }
  }

  /** A replica's step of the timeline. */
  step(handle: number, bucket: number): Step {
    const member = this.#members[handle];
    member.steps ??= new Map<number, Step>();
    let step = member.steps.get(bucket);
    if (!step) member.steps.set(bucket, (step = { picked: 0, completed: 0, failed: 0 }));
    return step;
  }

  /** Time that workers of all replicas were busy, of services that have ended. */
  get busyMs(): number {
    let sum = 0;
    for (let at = 0; at < this.#members.length * WIDTH; at += WIDTH) sum += this.#counts[at + BUSY_MS];
    return sum;
  }

  all(): Tally[] {
    const counts = this.#counts;
    // Each field by its name: with a hundred thousand replicas, a spread of the member takes seconds.
    return this.#members.map(({ replica, joinedMs, failedMs, leftMs, steps }, handle) => {
      const at = handle * WIDTH;
      const completed = counts[at + COMPLETED];
      return {
        replica,
        joinedMs,
        failedMs,
        leftMs,
        steps,
        requests: counts[at + PICKED] + completed,
        completed,
        failed: counts[at + FAILED],
        busyMs: counts[at + BUSY_MS],
      };
    });
  }
}
