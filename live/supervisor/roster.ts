/** What is there: everyone who occupies a seat, who of them may be given requests, and who wants to know. */
import type { Member, Place, Snapshot, Unit } from '../types.ts';
import { keyOf } from './names.ts';
import type { Occupant, Seat } from './seat.ts';

type Listener = (snapshot: Snapshot) => void;

/** The occupants, the doomed included until their name is free again. */
export class Roster {
  readonly #occupants = new Map<string, Occupant>();
  readonly #listeners = new Set<Listener>();
  readonly #wanted: () => number;
  readonly #standbys: () => number;
  /** Wall clock to begin with, so that a supervisor that is started again goes on counting upwards. */
  #version = Date.now();
  #nextHandle = 0;

  constructor(wanted: () => number, standbys: () => number) {
    this.#wanted = wanted;
    this.#standbys = standbys;
  }

  get nextHandle(): number {
    return this.#nextHandle;
  }

  get all(): Occupant[] {
    return [...this.#occupants.values()];
  }

  get snapshot(): Snapshot {
    const members = this.all.flatMap(membersOf).sort((a, b) => a.handle - b.handle);
    return { version: this.#version, wanted: this.#wanted(), standbys: this.#standbys(), members };
  }

  has(name: string): boolean {
    return this.#occupants.has(keyOf(name));
  }

  get(name: string): Occupant | undefined {
    return this.#occupants.get(keyOf(name));
  }

  /** Calls the listener with every new snapshot, until the function that comes back is called. */
  onChange(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Gives the seat to a new occupant. */
  seat(seat: Seat, { handle, id, name, weight }: Place, unit?: Unit): Occupant {
    const occupant: Occupant = {
      seat,
      place: { handle, id, name, weight },
      batch: seat.batch,
      state: 'starting',
      unit,
      started: Promise.resolve(),
      waking: false,
      serving: false,
      readyAt: Infinity,
      doomed: false,
    };
    this.#nextHandle = Math.max(this.#nextHandle, handle + 1);
    this.#occupants.set(keyOf(name), occupant);
    seat.occupant = occupant;
    return occupant;
  }

  /** It is gone, and its name free. */
  drop({ place }: Occupant): void {
    this.#occupants.delete(keyOf(place.name));
    this.publish();
  }

  /** Whoever serves becomes ready, unless one before it in its batch is still starting. Tells the listeners. */
  publish(): void {
    for (const occupant of this.all) {
      if (occupant.doomed || !occupant.serving || occupant.state === 'ready' || this.#waits(occupant))
        continue;
      occupant.state = 'ready';
      occupant.readyAt = performance.now();
    }
    this.#version++;
    const { snapshot } = this;
    for (const listener of this.#listeners) listener(snapshot);
  }

  #waits({ batch, place }: Occupant): boolean {
    if (batch === undefined) return false;
    return this.all.some(
      (other) =>
        other.batch === batch && other.place.handle < place.handle && !other.serving && !other.doomed,
    );
  }
}

/** The dead are no members, from the moment on that they are known to be. */
function membersOf({ doomed, place, state, unit }: Occupant): Member[] {
  if (!unit || (doomed && state !== 'draining')) return [];
  return [{ ...place, host: unit.host, port: unit.port, state }];
}
