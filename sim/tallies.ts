/** What is counted of each replica, by handle: numbers side by side, so that a request touches one cache line. */
import type { Replica } from '../core/types.ts';
import { doubled } from './pool.ts';
import type { Step, Tally } from './rows.ts';

/** PICKED counts picks less those that were completed, so that a block of requests changes one count less. */
const [PICKED, COMPLETED, FAILED, BUSY_MS, WIDTH] = [0, 1, 2, 3, 4];

type Fate = 'joinedMs' | 'failedMs' | 'leftMs';

/** Of every replica that ever joined; 32 bytes each, and more only of those to which something happened. */
export class Tallies {
  readonly #replicas: Replica[] = [];
  /** When it joined, if that was not at once, failed or was drained, by handle. */
  readonly #fates: Readonly<Record<Fate, Map<number, number>>> = {
    joinedMs: new Map(),
    failedMs: new Map(),
    leftMs: new Map(),
  };
  /** Of its timeline, by handle. */
  readonly #steps = new Map<number, Map<number, Step>>();
  #counts: Float64Array<ArrayBuffer>;

  /** @param replicas that there are to begin with */
  constructor(replicas: number) {
    this.#counts = new Float64Array(replicas * WIDTH);
  }

  joined(replica: Replica, now: number): void {
    this.#replicas[replica.handle] = replica;
    if (now > 0) this.set(replica.handle, 'joinedMs', now);
    const needed = (replica.handle + 1) * WIDTH;
    if (needed > this.#counts.length) this.#counts = doubled(this.#counts);
  }

  /** When a replica failed or was drained, or null when it is back. */
  set(handle: number, fate: Fate, now: number | null): void {
    if (now === null) this.#fates[fate].delete(handle);
    else this.#fates[fate].set(handle, now);
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
    let steps = this.#steps.get(handle);
    if (!steps) this.#steps.set(handle, (steps = new Map<number, Step>()));
    let step = steps.get(bucket);
    if (!step) steps.set(bucket, (step = { picked: 0, completed: 0, failed: 0 }));
    return step;
  }

  /** Time that workers of all replicas were busy, of services that have ended. */
  get busyMs(): number {
    let sum = 0;
    for (let at = 0; at < this.#replicas.length * WIDTH; at += WIDTH) sum += this.#counts[at + BUSY_MS];
    return sum;
  }

  all(): Tally[] {
    const counts = this.#counts;
    const { joinedMs, failedMs, leftMs } = this.#fates;
    return this.#replicas.map((replica, handle) => {
      const at = handle * WIDTH;
      const completed = counts[at + COMPLETED];
      return {
        replica,
        joinedMs: joinedMs.get(handle) ?? 0,
        failedMs: failedMs.get(handle) ?? null,
        leftMs: leftMs.get(handle) ?? null,
        steps: this.#steps.get(handle),
        requests: counts[at + PICKED] + completed,
        completed,
        failed: counts[at + FAILED],
        busyMs: counts[at + BUSY_MS],
      };
    });
  }
}
