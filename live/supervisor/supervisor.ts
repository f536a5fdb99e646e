/** The supervisor: takes a stack, adopts or starts its replicas, keeps them, answers on the control socket, cleans up. */
import { InputError } from '../../core/input-error.ts';
import type { Driver, Log, Snapshot, Unit } from '../types.ts';
import { NO_SEAT } from '../types.ts';
import { serveControl, supervisorOf } from './control.ts';
import { defaultCrew } from './crew.ts';
import type { FleetOptions } from './fleet.ts';
import { Fleet } from './fleet.ts';
import { defaultHealth } from './health.ts';
import type { RequestOptions } from './requests.ts';
import { adding, defaultRequests, removing } from './requests.ts';
import type { Seated } from './seat.ts';
import { defaultBackoff } from './seat.ts';
import type { State } from './state.ts';
import { savedState } from './state.ts';

export interface SupervisorOptions extends Partial<FleetOptions>, Partial<RequestOptions> {
  /** Path of the control socket. */
  readonly control: string;
  /** N; unless given, what it was before a crash, and 3 on a fresh start (LAB 2.1). */
  readonly replicas?: number;
  /** Time between two comparisons of what is wanted with what the driver lists. */
  readonly auditMs?: number;
}

export interface Supervisor {
  readonly snapshot: Snapshot;
  /** Resolves with true when all N serve, with false when that takes too long. */
  complete(withinMs: number): Promise<boolean>;
  onChange(listener: (snapshot: Snapshot) => void): () => void;
  /** Resolves when another supervisor has taken the stack; this one has let go of everything then. */
  readonly dispossessed: Promise<void>;
  /** Removes every replica and what the driver made. */
  close(): Promise<void>;
}

const FRESH_REPLICAS = 3;
const AUDIT_MS = 5000;
/** What an engine takes to remove a container, with some patience. */
const REMOVE_MS = 5000;

/** @throws InputError when the stack cannot be had */
export async function supervise(driver: Driver, options: SupervisorOptions, log: Log): Promise<Supervisor> {
  const { control } = options;
  if ((await supervisorOf(control)) !== null) {
    throw new InputError(
      `A supervisor already keeps this stack: it answers on ${control}. Stop it first, or take another --stack.`,
    );
  }
  await driver.open();
  const fleet = new Fleet(driver, fleetOptions(options), log);
  const limits = requestOptions(options);
  const saved = savedState(`${control}.state`);
  const keeping = keep(fleet, driver, options.auditMs ?? AUDIT_MS, log);
  try {
    await populate(fleet, driver, { given: options.replicas, saved: saved.read(), most: limits.maxReplicas });
  } catch (error) {
    keeping.stop();
    await driver.close();
    throw error;
  }
  const save = (): void => {
    saved.write({ wanted: fleet.wanted, promoted: Object.fromEntries(fleet.promoted) });
  };
  save();
  const stopSaving = fleet.onChange(save);
  const server = await serveControl(control, {
    get snapshot() {
      return fleet.snapshot;
    },
    onChange: (listener) => fleet.onChange(listener),
    add: adding(fleet, driver, limits),
    remove: removing(fleet, limits),
    suspect({ name, reason }) {
      log('debug', 'replica suspected', { name, reason });
      fleet.suspect(name);
    },
  });
  keeping.begin();

  return {
    get snapshot() {
      return fleet.snapshot;
    },
    complete: (withinMs) => fleet.complete(withinMs),
    onChange: (listener) => fleet.onChange(listener),
    dispossessed: keeping.dispossessed,
    async close() {
      keeping.stop();
      server.closeAllConnections();
      server.close();
      stopSaving();
      if (keeping.lost) return; // what is there now is another supervisor's
      await fleet.close();
      await fleet.audit();
      saved.forget();
      await driver.close();
    },
  };
}

interface Keeping {
  readonly lost: boolean;
  readonly dispossessed: Promise<void>;
  /** Audits from now on; before, what is to be adopted would be taken for strangers. */
  begin(): void;
  stop(): void;
}

/** Follows what the driver tells, and looks for what it did not tell. */
function keep(fleet: Fleet, driver: Driver, auditMs: number, log: Log): Keeping {
  let timer: NodeJS.Timeout | undefined;
  let lost = false;
  let give: () => void = () => undefined;
  const dispossessed = new Promise<void>((resolve) => (give = resolve));
  const stop = (): void => {
    clearInterval(timer);
    timer = undefined;
  };
  const audit = (): void => {
    fleet.audit().catch((error: unknown) => {
      log('warn', 'the driver did not list the replicas', { error: String(error) });
    });
  };
  driver.watch({
    ended(key, end) {
      fleet.ended(key, end);
    },
    recovered() {
      fleet.forgive();
      if (timer) audit();
    },
    dispossessed() {
      lost = true;
      stop();
      fleet.abandon();
      give();
    },
  });
  return {
    get lost() {
      return lost;
    },
    dispossessed,
    begin() {
      if (!lost) timer = setInterval(audit, auditMs);
    },
    stop,
  };
}

function fleetOptions(options: SupervisorOptions): FleetOptions {
  const dflt = {
    health: defaultHealth,
    backoff: defaultBackoff,
    startsAtOnce: 2,
    standbys: 0,
    warmUp: 0,
    quietMs: 0,
    weightOf: () => 1,
  };
  return { ...defaultCrew, ...dflt, ...options };
}

/** The answer to /rm comes when those that drain are gone. */
function requestOptions(options: SupervisorOptions): RequestOptions {
  const { graceMs = defaultCrew.graceMs } = options;
  return { ...defaultRequests, removeMs: graceMs + REMOVE_MS, ...options };
}

interface Numbers {
  readonly given: number | undefined;
  readonly saved: State | undefined;
  readonly most: number;
}

/** Adopts what runs and belongs, removes the rest, and starts what is missing; a fresh start has S1 to SN. */
async function populate(fleet: Fleet, driver: Driver, { given, saved, most }: Numbers): Promise<void> {
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
