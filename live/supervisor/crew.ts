/** What is done to one replica: started, ushered in once it serves, ejected when it dies, drained when it is not wanted. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Driver, Log, Unit } from '../types.ts';
import type { HealthOptions } from './health.ts';
import { serves, watchHealth } from './health.ts';
import { Silence } from './silence.ts';
import { randomName } from './names.ts';
import type { Roster } from './roster.ts';
import type { BackoffOptions, Occupant, Seat } from './seat.ts';
import { vacate } from './seat.ts';

export interface CrewOptions {
  readonly health: HealthOptions;
  readonly backoff: BackoffOptions;
  /** A replica that does not answer by then is given up. */
  readonly startMs: number;
  /** From leaving the snapshot to SIGTERM: the time in which the gateway learns of it. */
  readonly drainMs: number;
  /** From SIGTERM to SIGKILL: requests that it has are finished within, or lost. */
  readonly graceMs: number;
  /** The longest that the remains of a replica wait for its replacement to serve before they are removed. */
  readonly buryMs: number;
  /** Where most are silent together and the place of one is empty, the next one is given up after so long. */
  readonly togetherMs: number;
}

export const defaultCrew: Omit<CrewOptions, 'health' | 'backoff'> = {
  startMs: 15_000,
  drainMs: 50,
  graceMs: 10_000,
  buryMs: 2000,
  togetherMs: 10_000,
};

/** Drives the replicas through their lives; `vacant` is called whenever a seat may have become free, or been filled. */
export class Crew {
  readonly #driver: Driver;
  readonly #options: CrewOptions;
  readonly #roster: Roster;
  readonly #log: Log;
  readonly #vacant: () => void;
  readonly #endings = new Set<Promise<void>>();
  /** Ends that were told before the driver's `start` had come back. */
  readonly #early = new Map<string, string>();
  readonly #hurry = new AbortController();
  readonly #silence: Silence;
  #starting = 0;

  constructor(driver: Driver, options: CrewOptions, roster: Roster, log: Log, vacant: () => void) {
    this.#driver = driver;
    this.#options = options;
    this.#roster = roster;
    this.#silence = new Silence(roster, options.togetherMs);
    this.#log = log;
    this.#vacant = vacant;
  }

  /** Replicas that the driver is starting right now. */
  get starting(): number {
    return this.#starting;
  }

  /** Starts a replica on an empty seat. */
  start(seat: Seat): void {
    const { id, weight, name = randomName() } = seat;
    const occupant = this.#roster.seat(seat, { handle: this.#roster.nextHandle, id, name, weight });
    occupant.started = this.#launch(occupant);
  }

  /** Gives an empty seat to a standby, which only has to wake up. */
  promote(seat: Seat, standby: Unit): void {
    const place = { handle: this.#roster.nextHandle, id: seat.id, name: standby.name, weight: seat.weight };
    const occupant = this.#roster.seat(seat, place, standby);
    occupant.waking = true;
    occupant.started = this.#driver.resume(standby).then(
      () => {
        occupant.waking = false;
        void this.usher(occupant, standby);
      },
      (error: unknown) => {
        this.eject(occupant, messageOf(error));
      },
    );
  }

  /** Waits until the replica serves, and watches it from then on. */
  async usher(occupant: Occupant, unit: Unit): Promise<void> {
    const wanted = (): boolean => !occupant.doomed;
    if (await serves(unit, this.#options.startMs, wanted)) {
      occupant.serving = true;
      occupant.watch = watchHealth(unit, this.#options.health, {
        counts: (silentMs) => this.#silence.counts(silentMs),
        dead: (reason) => {
          this.eject(occupant, reason);
        },
      });
      this.#log('info', 'replica serves', { name: occupant.place.name, id: occupant.place.id });
      this.#roster.publish();
      this.#vacant();
    } else if (wanted()) {
      this.eject(occupant, `it did not serve within ${this.#options.startMs} ms`);
    }
  }

  /** The driver tells of an end. */
  ended(key: string, reason: string): void {
    const occupant = this.#roster.all.find(({ unit }) => unit?.key === key);
    if (occupant) this.eject(occupant, reason);
    else if (this.#starting > 0) this.#early.set(key, reason);
  }

  /** Out of the snapshot at once, then removed; its seat is free. */
  eject(occupant: Occupant, reason: string): void {
    if (occupant.doomed) return;
    const { place, seat } = occupant;
    occupant.doomed = true;
    occupant.watch?.end();
    vacate(seat, this.#options.backoff, performance.now());
    this.#log('warn', 'replica ejected', { name: place.name, id: place.id, reason, failures: seat.failures });
    this.#roster.publish();
    this.#vacant();
    void this.#track(this.#bury(occupant));
  }

  /** Gives it no more requests, lets it finish those it has, and removes it. */
  drain(occupant: Occupant, graceMs = this.#options.graceMs): Promise<void> {
    if (occupant.doomed) return Promise.resolve();
    occupant.doomed = true;
    occupant.watch?.end();
    if (occupant.state === 'ready') occupant.state = 'draining';
    return this.#track(this.#leave(occupant, graceMs));
  }

  /** Removes what is not an occupant's. */
  async removeStranger(unit: Unit): Promise<void> {
    this.#log('info', 'removing what does not belong', { name: unit.name });
    await this.#track(this.#attempt(unit.name, () => this.#driver.remove(unit)));
  }

  /** Resolves when nothing is being started or ended any more. */
  async quiet(): Promise<void> {
    this.#hurry.abort();
    while (this.#endings.size > 0 || this.#starting > 0) {
      await Promise.all(this.#endings);
      await sleep(10);
    }
  }

  async #launch(occupant: Occupant): Promise<void> {
    this.#starting++;
    try {
      occupant.unit = await this.#driver.start(occupant.place);
    } catch (error) {
      this.eject(occupant, messageOf(error));
    }
    this.#starting--;
    this.#launched(occupant);
    if (this.#starting === 0) this.#early.clear();
    this.#vacant();
  }

  #launched(occupant: Occupant): void {
    const { doomed, unit } = occupant;
    if (!unit || doomed) return;
    const early = this.#early.get(unit.key);
    if (early !== undefined || !unit.running) this.eject(occupant, early ?? 'exited');
    else void this.usher(occupant, unit);
  }

  async #leave(occupant: Occupant, graceMs: number): Promise<void> {
    await occupant.started;
    const { state, unit } = occupant;
    if (state === 'draining') await sleep(this.#options.drainMs);
    await this.#end(occupant, unit && (() => this.#driver.stop(unit, graceMs)));
    this.#log('info', 'replica removed', { name: occupant.place.name, id: occupant.place.id });
  }

  /** The replacement comes first: an engine that removes a container meanwhile takes a third longer to start one. */
  async #bury(occupant: Occupant): Promise<void> {
    const { seat, unit } = occupant;
    if (unit) await this.#filled(seat);
    await this.#end(occupant, unit && (() => this.#driver.remove(unit)));
  }

  async #filled(seat: Seat): Promise<void> {
    const { signal } = this.#hurry;
    await new Promise<void>((resolve) => {
      const stop = this.#roster.onChange(() => {
        if (seat.occupant?.state === 'ready') done();
      });
      const done = (): void => {
        stop();
        clearTimeout(timer);
        signal.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, this.#options.buryMs);
      signal.addEventListener('abort', done);
      if (signal.aborted) done();
    });
  }

  async #end(occupant: Occupant, how?: () => Promise<void>): Promise<void> {
    if (how) await this.#attempt(occupant.place.name, how);
    this.#roster.drop(occupant);
  }

  /** What cannot be removed now is found again by the next audit. */
  async #attempt(name: string, act: () => Promise<void>): Promise<void> {
    try {
      await act();
    } catch (error) {
      this.#log('error', 'a replica could not be removed', { name, error: messageOf(error) });
    }
  }

  #track(ending: Promise<void>): Promise<void> {
    this.#endings.add(ending);
    return ending.finally(() => this.#endings.delete(ending));
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
