/** The replicas that are out for a while, in the order in which they were ejected, and since when. */
import { NONE } from '../../core/types.ts';

interface Ejection {
  readonly timer: NodeJS.Timeout;
  readonly sinceMs: number;
}

/** Ejections that are not over, by handle. */
export class Ejections {
  readonly #out = new Map<number, Ejection>();

  get size(): number {
    return this.#out.size;
  }

  /** Who is out, in order. */
  get handles(): readonly number[] {
    return [...this.#out.keys()];
  }

  has(handle: number): boolean {
    return this.#out.has(handle);
  }

  /** @param over called when its time is over */
  begin(handle: number, forMs: number, over: (handle: number) => void): void {
    const timer = setTimeout(over, forMs, handle).unref();
    this.#out.set(handle, { timer, sinceMs: performance.now() });
  }

  end(handle: number): void {
    clearTimeout(this.#out.get(handle)?.timer);
    this.#out.delete(handle);
  }

  /** The one that has been out for longest, and so long at least; NONE where there is none. */
  longest(leastMs: number): number {
    const [[handle, { sinceMs }] = [NONE, { sinceMs: Infinity }]] = this.#out;
    return performance.now() - sinceMs >= leastMs ? handle : NONE;
  }

  close(): void {
    for (const handle of this.handles) this.end(handle);
  }
}
