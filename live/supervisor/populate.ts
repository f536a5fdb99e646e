/** The first replicas of a supervisor: those that it finds and that belong, and as many new ones as are missing. */
import { InputError } from '../../core/input-error.ts';
import type { Driver, Unit } from '../types.ts';
import { NO_SEAT } from '../types.ts';
import type { Fleet } from './fleet.ts';
import type { Seated } from './seat.ts';
import type { State } from './state.ts';

const FRESH_REPLICAS = 3;

/** How many there are to be. */
export interface Numbers {
  readonly given: number | undefined;
  readonly saved: State | undefined;
  readonly most: number;
}

/** Adopts what runs and belongs, removes the rest, and starts what is missing; a fresh start has S1 to SN. */
export async function populate(fleet: Fleet, driver: Driver, { given, saved, most }: Numbers): Promise<void> {
  const units = await driver.list();
  const fresh = units.length === 0;
  const replicas = given ?? (fresh ? undefined : saved?.wanted) ?? FRESH_REPLICAS;
  if (replicas > most) throw new InputError(`--replicas is ${replicas}, but must be at most ${most}.`);
  const names = Array.from({ length: replicas }, (_, index) => `S${index + 1}`);
  const foreign = fresh ? await driver.taken(names) : [];
  if (foreign.length > 0) {
    throw new InputError(
      `A container named ${foreign[0]} exists already and is not of this stack. Remove it, or take another --stack.`,
    );
  }
  const kept = adoptable(units, saved?.promoted ?? {}).slice(0, replicas);
  fleet.adopt(kept);
  const spare = fleet.adoptStandbys(units.filter(({ id, suspended }) => id === NO_SEAT && suspended));
  const ended = units.filter(({ id, key, suspended }) => {
    return !(id === NO_SEAT && suspended) && kept.every((unit) => unit.key !== key);
  });
  await Promise.all([...spare, ...ended].map((unit) => driver.remove(unit)));
  if (fresh) fleet.grow(replicas, names);
  else fleet.refill(replicas - kept.length);
}

/** One for each id, in order of ids; a standby that has no place by what was saved is none of them. */
function adoptable(units: readonly Unit[], promoted: State['promoted']): (Unit & { place: Seated })[] {
  const seats = new Map<number, Unit & { place: Seated }>();
  for (const unit of units) {
    const place = Object.hasOwn(promoted, unit.key) ? promoted[unit.key] : unit;
    if (unit.running && place.id !== NO_SEAT && !seats.has(place.id)) {
      seats.set(place.id, { ...unit, place: { handle: place.handle, id: place.id } });
    }
  }
  return [...seats.values()].sort((a, b) => a.place.id - b.place.id);
}
