/**
 * The reconcile loop: seats are what is wanted, the roster is what is there, and every event is followed by one pass
 * that starts what is missing. A pass is cheap, does nothing twice, and never waits.
 */
import type { Driver, Log, Snapshot, Unit } from '../types.ts';
import { NO_SEAT } from '../types.ts';
import type { CrewOptions } from './crew.ts';
import { Crew } from './crew.ts';
import { keyOf } from './names.ts';
import { Reserve } from './reserve.ts';
import { Roster } from './roster.ts';
import type { Seat, Seated } from './seat.ts';
import { freeIds, nameOf, seatOf } from './seat.ts';
import { shuffled } from './shuffled.ts';

export interface FleetOptions extends CrewOptions {
  /** Replicas that are started at once; more of them only slow each other down. */
  readonly startsAtOnce: number;
  /** Replicas that wait, suspended, to take the place of one that dies. */
  readonly standbys: number;
  readonly warmUp: number;
  readonly quietMs: number;
  readonly weightOf: (id: number) => number;
}

/** At the end nobody waits for long requests. */
const CLOSE_GRACE_MS = 1000;

/** Keeps N replicas of one stack (LAB 3.2). */
export class Fleet {
  readonly #driver: Driver;
  readonly #options: FleetOptions;
  readonly #crew: Crew;
  readonly #seats = new Map<number, Seat>();
  readonly #reserve: Reserve;
  readonly #roster = new Roster(
    () => this.#seats.size,
    () => this.#reserve.size,
  );
  #batch = 0;
  #resting = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(driver: Driver, options: FleetOptions, log: Log) {
    this.#driver = driver;
    this.#options = options;
    this.#crew = new Crew(driver, options, this.#roster, log, () => {
      this.reconcile();
    });
    this.#reserve = new Reserve(driver, options, log, () => {
      this.#roster.publish();
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
    return promised || this.#roster.has(name) || this.#reserve.uses(name);
  }

  /** True for a replica that can be removed by its name. */
  holds(name: string): boolean {
    return [...this.#seats.values()].some((seat) => nameOf(seat) === keyOf(name));
  }

  /** Standbys that have taken a place, which their containers cannot remember: their places by key. */
  get promoted(): ReadonlyMap<string, Seated> {
    const seated = this.#roster.all.filter(({ doomed, unit }) => !doomed && unit?.id === NO_SEAT);
    return new Map(
      seated.map(({ place, unit }) => [unit?.key ?? '', { handle: place.handle, id: place.id }]),
    );
  }

  /** Takes over what a supervisor before this one left running, each on its place; ids and handles are kept. */
  adopt(units: readonly (Unit & { readonly place: Seated })[]): void {
    this.#batch++;
    for (const { place, ...unit } of [...units].sort((a, b) => a.place.handle - b.place.handle)) {
      const seat = this.#addSeat(place.id);
      const occupant = this.#roster.seat(seat, { ...unit, ...place, weight: seat.weight }, unit);
      void this.#crew.usher(occupant, unit);
    }
  }

  /** Seats for replicas that are gone: standbys may take them. */
  refill(n: number): void {
    for (const id of freeIds(new Set(this.#seats.keys()), n)) this.#addSeat(id).batch = undefined;
    this.#roster.publish();
    this.reconcile();
  }

  /** Takes over standbys; gives back those that are too many. */
  adoptStandbys(units: readonly Unit[]): Unit[] {
    return this.#reserve.adopt(units);
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
  async shrink(n: number, names: readonly string[], graceMs?: number): Promise<void> {
    const wanted = new Set(names.map(keyOf));
    const seats = [...this.#seats.values()];
    const named = seats.filter((seat) => wanted.has(nameOf(seat)));
    const rest = shuffled(seats.filter((seat) => !named.includes(seat)));
    const leaving = [...named, ...rest].slice(0, n);
    for (const { id } of leaving) this.#seats.delete(id);
    const drained = leaving.flatMap(({ occupant }) =>
      occupant ? [this.#crew.drain(occupant, graceMs)] : [],
    );
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
    if (!this.#reserve.ended(key, reason)) this.#crew.ended(key, reason);
  }

  /**
   * Compares with what the driver lists: ejects who does not run, removes who does not belong. The list may be older than
   * what happened while it was made, so only those are judged who were as they are before it was asked for.
   */
  async audit(): Promise<void> {
    const known = this.#roster.all.filter(({ unit, waking }) => unit !== undefined && !waking);
    const waiting = this.#reserve.keys;
    const listed = await this.#driver.list();
    const running = new Set(listed.filter((unit) => unit.running).map(({ key }) => key));
    for (const occupant of known) {
      if (occupant.unit && !running.has(occupant.unit.key)) this.#crew.eject(occupant, 'it does not run');
    }
    this.#reserve.compare(waiting, listed);
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
    this.#reserve.forgive();
    this.reconcile();
  }

  /** Ends every replica; nothing is started any more. */
  async close(): Promise<void> {
    const reserve = this.#reserve.close();
    await this.shrink(this.#seats.size, [], Math.min(CLOSE_GRACE_MS, this.#options.graceMs));
    await Promise.all([this.#crew.quiet(), reserve]);
    clearTimeout(this.#timer);
  }

  /** Lets go of the replicas for another supervisor to adopt: nothing is begun any more, and what is under way is finished. */
  async letGo(): Promise<void> {
    this.#resting = true;
    await Promise.all([this.#crew.quiet(), this.#reserve.letGo()]);
    this.abandon();
  }

  /** Lets go of the replicas without touching them. */
  abandon(): void {
    this.#seats.clear();
    this.#reserve.abandon();
    clearTimeout(this.#timer);
    for (const occupant of this.#roster.all) {
      occupant.doomed = true;
      occupant.watch?.end();
    }
  }

  /** One pass: every empty seat whose time has come gets an occupant, a few at once; then the reserve is filled. */
  reconcile(): void {
    clearTimeout(this.#timer);
    if (this.#resting) return;
    const now = performance.now();
    const empty = [...this.#seats.values()].filter(({ occupant }) => occupant === undefined);
    for (const seat of empty) {
      if (seat.notBefore <= now) this.#occupy(seat);
    }
    if ([...this.#seats.values()].every(({ occupant }) => occupant?.serving)) this.#reserve.fill();
    const next = Math.min(...empty.map(({ notBefore }) => notBefore).filter((at) => at > now));
    if (next === Infinity) return;
    this.#timer = setTimeout(
      () => {
        this.reconcile();
      },
      next - now + 1,
    );
  }

  /** A standby, where the seat is one that a replica has died on; those that are added have their own names. */
  #occupy(seat: Seat): void {
    const standby = seat.batch === undefined ? this.#reserve.take() : undefined;
    if (standby) this.#crew.promote(seat, standby);
    else if (this.#crew.starting < this.#options.startsAtOnce) this.#crew.start(seat);
  }

  #addSeat(id: number, name?: string): Seat {
    const seat = seatOf(id, this.#options.weightOf(id), this.#batch, name);
    this.#seats.set(id, seat);
    return seat;
  }

  /** One that is being started is known by its name only. */
  #isStranger({ key, name }: Unit): boolean {
    if (this.#reserve.has(key) || this.#reserve.uses(name)) return false;
    const occupant = this.#roster.get(name);
    return occupant?.unit ? occupant.unit.key !== key : occupant === undefined;
  }
}
