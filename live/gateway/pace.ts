/**
 * How long to wait for the first byte of an answer before another replica is tried: a fixed time, or one that follows
 * what this fleet takes. A service that is slow everywhere is waited for; a replica that hangs among quick ones is not.
 */
import { Latency } from './latency.ts';

/** `auto`: twice the fleet's 99th percentile and at least 25 ms; a number: so many ms; 0: never. */
export type TryTimeout = 'auto' | number;
/** Another replica is asked too after so many ms, or after this share of the fleet's first bytes came; 0: never. */
export type Hedge = number | { readonly quantile: number };

export interface PaceOptions {
  readonly tryTimeout: TryTimeout;
  readonly hedge: Hedge;
}

const LEAST_MS = 25;
const FACTOR = 2;
const QUANTILE = 0.99;
/** What fewer observations say is not believed. */
const LEAST_OBSERVATIONS = 100;
/** The quantiles are looked up so often; reading them costs some microseconds. */
export const LOOK_EVERY_MS = 100;
/** Waits are rounded up to these steps, so that few queues of deadlines serve all. */
const STEP = 1.15;

/** Knows the replicas' first-byte times by handle. */
export class Pace {
  #options: PaceOptions;
  readonly #isMember: (handle: number) => boolean;
  readonly #latencies = new Map<number, Latency>();
  /** When each replica answered last, by handle. */
  readonly #answeredMs: (number | undefined)[] = [];
  #tryMs = 0;
  #hedgeMs = 0;
  #nextMs = 0;

  /** @param isMember whether a replica is still there */
  constructor(options: PaceOptions, isMember: (handle: number) => boolean) {
    this.#options = options;
    this.#isMember = isMember;
  }

  /** A first byte came. */
  observe(handle: number, ms: number, now: number): void {
    let latency = this.#latencies.get(handle);
    if (!latency) this.#latencies.set(handle, (latency = new Latency()));
    latency.observe(ms);
    this.#answeredMs[handle] = now;
  }

  /**
   * Whether a replica that is late with one request has answered others of late: then that request takes long, and would
   * elsewhere too. A replica that hangs answers nothing.
   */
  isAlive(handle: number, now: number): boolean {
    return now - (this.#answeredMs[handle] ?? -Infinity) < this.#tryMs / 2;
  }

  /** Whether it will follow what the fleet takes, but too little was observed of that yet. */
  get isUnknown(): boolean {
    return this.#options.tryTimeout === 'auto' && this.#tryMs === 0;
  }

  /** The wait before a replica is late, in ms; 0 for none. */
  tryMs(now: number): number {
    this.#look(now);
    return this.#tryMs;
  }

  /** The wait before another replica is asked as well, in ms; 0 for none. */
  hedgeMs(now: number): number {
    this.#look(now);
    return this.#hedgeMs;
  }

  turn(options: PaceOptions): void {
    this.#options = options;
    this.#nextMs = 0;
  }

  #look(now: number): void {
    if (now < this.#nextMs) return;
    this.#nextMs = now + LOOK_EVERY_MS;
    for (const handle of this.#latencies.keys()) if (!this.#isMember(handle)) this.#latencies.delete(handle);
    const { hedge, tryTimeout } = this.#options;
    this.#tryMs = tryTimeout === 'auto' ? this.#wait(QUANTILE, FACTOR, LEAST_MS) : tryTimeout;
    this.#hedgeMs = typeof hedge === 'number' ? hedge : this.#wait(hedge.quantile, 1, 1);
  }

  #wait(quantile: number, factor: number, least: number): number {
    const times = this.#quantiles(quantile);
    return times.length === 0 ? 0 : stepUp(Math.max(least, factor * median(times)));
  }

  /** Of those replicas that have been observed enough; of all together where no one has. */
  #quantiles(quantile: number): number[] {
    const isKnown = ({ count }: Latency): boolean => count >= LEAST_OBSERVATIONS;
    const all = [...this.#latencies.values()];
    const known = all.some(isKnown) ? all : [together(all)];
    return known
      .filter(isKnown)
      .map((latency) => latency.quantile(quantile))
      .sort((a, b) => a - b);
  }
}

function together(all: readonly Latency[]): Latency {
  const sum = new Latency();
  for (const latency of all) sum.add(latency);
  return sum;
}

/** The upper one of the two in the middle: of two replicas the slower one is the measure. */
function median(sorted: readonly number[]): number {
  return sorted[sorted.length >> 1];
}

/** The next one of the steps. */
export function stepUp(ms: number): number {
  return Math.ceil(STEP ** Math.ceil(Math.log(ms) / Math.log(STEP)));
}
