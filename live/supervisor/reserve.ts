/** Standbys: replicas that are started and suspended beforehand, so that a dead one's place is taken in milliseconds. */
import type { Driver, Log, Unit } from '../types.ts';
import { NO_SEAT } from '../types.ts';
import { serves, warm } from './health.ts';
import { keyOf, randomName } from './names.ts';
import type { BackoffOptions } from './seat.ts';

export interface ReserveOptions {
  /** Standbys to keep. */
  readonly standbys: number;
  /** Heartbeats that each has answered before it waits, so that it does not begin with cold code. */
  readonly warmUp: number;
  /** Once one was taken, the next is made after so long: those that serve have a dead one's requests to catch up with. */
  readonly quietMs: number;
  /** One that does not answer by then is given up. */
  readonly startMs: number;
  readonly backoff: BackoffOptions;
}

/** Keeps the standbys; `changed` is called whenever there is one more, one fewer, or one could not be made. */
export class Reserve {
  readonly #driver: Driver;
  readonly #options: ReserveOptions;
  readonly #log: Log;
  readonly #changed: () => void;
  readonly #standbys = new Map<string, Unit>();
  /** The name of the one that is being made. */
  #making: string | undefined;
  #made: Promise<void> = Promise.resolve();
  #failures = 0;
  #notBefore = 0;
  #quietUntil = 0;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(driver: Driver, options: ReserveOptions, log: Log, changed: () => void) {
    this.#driver = driver;
    this.#options = options;
    this.#log = log;
    this.#changed = changed;
  }

  /** Standbys that can be taken now. */
  get size(): number {
    return this.#standbys.size;
  }

  get keys(): string[] {
    return [...this.#standbys.keys()];
  }

  uses(name: string): boolean {
    const names = [...this.#standbys.values()].map((unit) => unit.name);
    return [...names, this.#making ?? ''].some((used) => keyOf(used) === keyOf(name));
  }

  has(key: string): boolean {
    return this.#standbys.has(key);
  }

  /** The standby that has waited longest; it is the caller's from now on. */
  take(): Unit | undefined {
    const [unit] = this.#standbys.values();
    if (this.#standbys.size === 0) return undefined;
    this.#standbys.delete(unit.key);
    this.#quietUntil = performance.now() + this.#options.quietMs;
    return unit;
  }

  /** Takes over as many as are wanted of what a supervisor before this one left; gives back the rest. */
  adopt(units: readonly Unit[]): Unit[] {
    const kept = units.slice(0, this.#options.standbys);
    for (const unit of kept) this.#standbys.set(unit.key, unit);
    return units.slice(kept.length);
  }

  /** Makes the next one if one is missing: one at a time, since they are in nobody's way then. */
  fill(): void {
    if (this.#closed || this.#making !== undefined || this.size >= this.#options.standbys) return;
    const wait = Math.max(this.#notBefore, this.#quietUntil) - performance.now();
    clearTimeout(this.#timer);
    if (wait > 0) this.#timer = setTimeout(this.#changed, wait + 1);
    else this.#made = this.#make((this.#making = randomName()));
  }

  /** Drops a standby that is there no more; false when it is none. */
  ended(key: string, reason: string): boolean {
    const unit = this.#standbys.get(key);
    if (!unit) return false;
    this.#standbys.delete(key);
    this.#log('warn', 'standby lost', { name: unit.name, reason });
    void this.#remove(unit);
    this.#failed();
    return true;
  }

  /** Of those that waited before they were listed, drops the ones that are not listed as suspended any more. */
  compare(waiting: readonly string[], listed: readonly Unit[]): void {
    const suspended = new Set(listed.filter((unit) => unit.suspended).map(({ key }) => key));
    for (const key of waiting) if (!suspended.has(key)) this.ended(key, 'it is not suspended');
  }

  /** What failed while the engine was away says nothing about the next one. */
  forgive(): void {
    this.#failures = 0;
    this.#notBefore = 0;
  }

  /** Lets go of them without touching them. */
  abandon(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#standbys.clear();
  }

  /** Lets go of them, and of the one that is being made when it is out of the way. */
  async letGo(): Promise<void> {
    this.abandon();
    await this.#made;
  }

  /** Removes them all; none is made any more. */
  async close(): Promise<void> {
    const units = [...this.#standbys.values()];
    this.abandon();
    await Promise.all([this.#made, ...units.map((unit) => this.#remove(unit))]);
  }

  async #make(name: string): Promise<void> {
    let unit: Unit | undefined;
    try {
      unit = await this.#driver.start({ handle: 0, id: NO_SEAT, name, weight: 1 });
      if (!(await serves(unit, this.#options.startMs, () => !this.#closed)))
        throw new Error('it did not serve');
      await warm(unit, this.#options.warmUp, () => !this.#closed);
      await this.#driver.suspend(unit);
      if (this.#closed) throw new Error('it is not wanted any more');
      this.#standbys.set(unit.key, { ...unit, suspended: true });
      this.forgive();
      this.#log('info', 'standby ready', { name });
    } catch (error) {
      if (!this.#closed) this.#log('warn', 'standby failed', { name, reason: String(error) });
      if (unit) await this.#remove(unit);
      this.#backOff();
    }
    this.#making = undefined;
    this.#changed();
  }

  #failed(): void {
    this.#backOff();
    this.#changed();
  }

  /** The next one at once after the first failure, then later and later. */
  #backOff(): void {
    const { firstMs, mostMs } = this.#options.backoff;
    const loops = this.#failures++;
    this.#notBefore = loops === 0 ? 0 : performance.now() + Math.min(mostMs, firstMs * 2 ** (loops - 1));
  }

  /** What cannot be removed now is found again by the next audit. */
  async #remove(unit: Unit): Promise<void> {
    await this.#driver.remove(unit).catch((error: unknown) => {
      this.#log('error', 'a standby could not be removed', { name: unit.name, error: String(error) });
    });
  }
}
