/**
 * The reconcile loop: seats are what is wanted, the roster is what is there, and every event is followed by one pass
 * that starts what is missing. A pass is cheap, does nothing twice, and never waits.
 */
import type { Driver, Log, Snapshot, Unit } from '../types.ts';
import type { CrewOptions } from './crew.ts';
import { Crew } from './crew.ts';
import { keyOf } from './names.ts';
import { Roster } from './roster.ts';
import type { Seat } from './seat.ts';
import { freeIds, seatOf } from './seat.ts';

export interface FleetOptions extends CrewOptions {
  /** Replicas that are started at once; more of them only slow each other down. */
  readonly startsAtOnce: number;
  readonly weightOf: (id: number) => number;
}

/** Keeps N replicas of one stack (LAB 3.2). */
export class Fleet {
  readonly #driver: Driver;
  readonly #options: FleetOptions;
  readonly #crew: Crew;
  readonly #seats = new Map<number, Seat>();
  readonly #roster = new Roster(() => this.#seats.size);
  #batch = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(driver: Driver, options: FleetOptions, log: Log) {
    this.#driver = driver;
    this.#options = options;
    this.#crew = new Crew(driver, options, this.#roster, log, () => {
      this.reconcile();
    });
  }

  get wanted(): number {
    return this.#seats.size;
  }

  get snapshot(): Snapshot {
    return this.#roster.snapshot;
  }

  /** Calls the listener with every new snapshot, until the function that comes back is called. */
  onChange(listener: (snapshot: Snapshot) => void): () => void {
    return this.#roster.onChange(listener);
  }

  /** True for the name of a replica that is there, is being removed, or was promised. */
  uses(name: string): boolean {
    const promised = [...this.#seats.values()].some((seat) => keyOf(seat.name ?? '') === keyOf(name));
    return promised || this.#roster.has(name);
  }

  /** True for a replica that can be removed by its name. */
  holds(name: string): boolean {
    return [...this.#seats.values()].some((seat) => nameOf(seat) === keyOf(name));
  }

  /** Takes over what a supervisor before this one left running; ids and handles are kept. */
  adopt(units: readonly Unit[]): void {
    this.#batch++;
    for (const unit of [...units].sort((a, b) => a.handle - b.handle)) {
      const occupant = this.#roster.seat(this.#addSeat(unit.id), unit, unit);
      void this.#crew.usher(occupant, unit);
    }
  }

  /** More seats, the first of them for the given names. */
  grow(n: number, names: readonly string[]): Seat[] {
    this.#batch++;
    const ids = freeIds(new Set(this.#seats.keys()), n);
    const seats = ids.map((id, at) => this.#addSeat(id, names[at]));
    this.#roster.publish();
    this.reconcile();
    return seats;
  }

  /** Fewer seats: those of the named, and the rest chosen at random (LAB 3.6). Resolves when the replicas are gone. */
  async shrink(n: number, names: readonly string[]): Promise<void> {
    const wanted = new Set(names.map(keyOf));
    const seats = [...this.#seats.values()];
    const named = seats.filter((seat) => wanted.has(nameOf(seat)));
    const rest = shuffled(seats.filter((seat) => !named.includes(seat)));
    const leaving = [...named, ...rest].slice(0, n);
    for (const { id } of leaving) this.#seats.delete(id);
    const drained = leaving.flatMap(({ occupant }) => (occupant ? [this.#crew.drain(occupant)] : []));
    this.#roster.publish();
    await Promise.all(drained);
  }

  /** Resolves with true once these seats have ready occupants or are no longer wanted, with false when it takes too long. */
  complete(withinMs: number, seats: readonly Seat[] = [...this.#seats.values()]): Promise<boolean> {
    const done = (seat: Seat): boolean =>
      seat.occupant?.state === 'ready' || this.#seats.get(seat.id) !== seat;
    return new Promise((resolve) => {
      const settle = (complete: boolean): void => {
        clearTimeout(timer);
        stop();
        resolve(complete);
      };
      const look = (): void => {
        if (seats.every(done)) settle(true);
      };
      const timer = setTimeout(settle, withinMs, false);
      const stop = this.onChange(look);
      look();
    });
  }

  /** Somebody saw a connection to it fail: it is asked at once. */
  suspect(name: string): void {
    this.#roster.get(name)?.watch?.now();
  }

  /** The driver tells of an end. */
  ended(key: string, reason: string): void {
    this.#crew.ended(key, reason);
  }

  /** Compares with what the driver lists: ejects who does not run, removes who does not belong. */
  async audit(): Promise<void> {
    const known = this.#roster.all.filter(({ unit }) => unit !== undefined);
    const listed = await this.#driver.list();
    const running = new Set(listed.filter((unit) => unit.running).map(({ key }) => key));
    for (const occupant of known) {
      if (occupant.unit && !running.has(occupant.unit.key)) this.#crew.eject(occupant, 'it does not run');
    }
    await Promise.all(
      listed.filter((unit) => this.#isStranger(unit)).map((unit) => this.#crew.removeStranger(unit)),
    );
  }

  /** What failed while the engine was away is no crash loop: every seat may be taken at once. */
  forgive(): void {
    for (const seat of this.#seats.values()) {
      seat.failures = 0;
      seat.notBefore = 0;
    }
    this.reconcile();
  }

  /** Ends every replica; nothing is started any more. */
  async close(): Promise<void> {
    await this.shrink(this.#seats.size, []);
    await this.#crew.quiet();
    clearTimeout(this.#timer);
  }

  /** Lets go of the replicas without touching them. */
  abandon(): void {
    this.#seats.clear();
    clearTimeout(this.#timer);
    for (const { watch } of this.#roster.all) watch?.end();
  }

  /** One pass: every empty seat whose time has come gets an occupant, a few at once. */
  reconcile(): void {
    clearTimeout(this.#timer);
    const now = performance.now();
    const empty = [...this.#seats.values()].filter(({ occupant }) => occupant === undefined);
    for (const seat of empty) {
      if (seat.notBefore <= now && this.#crew.starting < this.#options.startsAtOnce) this.#crew.start(seat);
    }
    const next = Math.min(...empty.map(({ notBefore }) => notBefore).filter((at) => at > now));
    if (next === Infinity) return;
    this.#timer = setTimeout(
      () => {
        this.reconcile();
      },
      next - now + 1,
    );
  }

  #addSeat(id: number, name?: string): Seat {
    const seat = seatOf(id, this.#options.weightOf(id), this.#batch, name);
    this.#seats.set(id, seat);
    return seat;
  }

  /** One that is being started is known by its name only. */
  #isStranger({ key, name }: Unit): boolean {
    const occupant = this.#roster.get(name);
    return occupant?.unit ? occupant.unit.key !== key : occupant === undefined;
  }
}

function nameOf({ name, occupant }: Seat): string {
  return keyOf(occupant?.place.name ?? name ?? '');
}

function shuffled<T>(items: readonly T[]): T[] {
  return items
    .map((item) => ({ item, at: Math.random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
}
