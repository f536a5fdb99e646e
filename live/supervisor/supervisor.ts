/** The supervisor: takes a stack, adopts or starts its replicas, keeps them, answers on the control socket, cleans up. */
import { rmSync } from 'node:fs';
import { InputError } from '../../core/input-error.ts';
import type { Driver, Log, Snapshot } from '../types.ts';
import { supervisorOf } from './ask.ts';
import type { Controlled } from './control.ts';
import { serveControl } from './control.ts';
import { defaultCrew } from './crew.ts';
import type { FleetOptions } from './fleet.ts';
import { Fleet } from './fleet.ts';
import { defaultHealth } from './health.ts';
import type { RequestOptions } from './requests.ts';
import { adding, defaultRequests, removing } from './requests.ts';
import { keep } from './keeping.ts';
import { populate } from './populate.ts';
import { defaultBackoff } from './seat.ts';
import { savedState } from './state.ts';

export interface SupervisorOptions extends Partial<FleetOptions>, Partial<RequestOptions> {
  /** Path of the control socket. */
  readonly control: string;
  /** N; unless given, what it was before a crash, and 3 on a fresh start (LAB 2.1). */
  readonly replicas?: number;
  /** Time between two comparisons of what is wanted with what the driver lists. */
  readonly auditMs?: number;
  /** True in the place of a supervisor that has let go, or keeps what cannot be adopted until this one serves. */
  readonly succeeds?: boolean;
  /** Puts another process in the place of this one. */
  readonly succeed?: () => Promise<number>;
}

export interface Supervisor {
  readonly snapshot: Snapshot;
  /** Resolves with true when all N serve, with false when that takes too long. */
  complete(withinMs: number): Promise<boolean>;
  onChange(listener: (snapshot: Snapshot) => void): () => void;
  /** Resolves when another supervisor has taken the stack; this one has let go of everything then. */
  readonly dispossessed: Promise<void>;
  /** Leaves the stack to a successor: lets go of what it can adopt, and keeps the rest until closed. */
  letGo(): Promise<void>;
  /** Goes on with what it has kept, since the successor did not come. */
  resume(): Promise<void>;
  /** Removes every replica and what the driver made, but for what is another supervisor's. */
  close(): Promise<void>;
}

const AUDIT_MS = 5000;
/** What an engine takes to remove a container, with some patience. */
const REMOVE_MS = 5000;

/** @throws InputError when the stack cannot be had */
export async function supervise(driver: Driver, options: SupervisorOptions, log: Log): Promise<Supervisor> {
  const { control, succeeds = false, succeed } = options;
  if (!succeeds && (await supervisorOf(control)) !== null) {
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
    const state = saved.read();
    const given = succeeds ? (state?.wanted ?? options.replicas) : options.replicas;
    await populate(fleet, driver, { given, saved: state, most: limits.maxReplicas });
    // gateways that follow the former one must not miss any
    if (succeeds && !(await fleet.complete(fleetOptions(options).startMs)))
      throw new Error('not all replicas serve');
  } catch (error) {
    keeping.stop();
    await (succeeds ? driver.handOver?.() : driver.close());
    throw error;
  }
  const save = (): void => {
    saved.write({ wanted: fleet.wanted, promoted: Object.fromEntries(fleet.promoted) });
  };
  save();
  let stopSaving = fleet.onChange(save);
  let left = false;
  const controlled: Controlled = {
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
    succeed,
  };
  let served = await serveControl(control, controlled);
  keeping.begin();

  return {
    get snapshot() {
      return fleet.snapshot;
    },
    complete: (withinMs) => fleet.complete(withinMs),
    onChange: (listener) => fleet.onChange(listener),
    dispossessed: keeping.dispossessed,
    async letGo() {
      if (driver.handOver) {
        keeping.stop();
        await fleet.letGo();
        served.end(false);
        await driver.handOver();
      }
      stopSaving();
      left = true;
    },
    async resume() {
      served.end(false); // the successor has had its name: gateways come anew
      served = await serveControl(control, controlled);
      stopSaving = fleet.onChange(save);
      save();
      left = false;
    },
    async close() {
      keeping.stop();
      served.end(!left);
      stopSaving();
      if (keeping.lost || (left && driver.handOver)) return; // what is there now is another supervisor's
      await fleet.close();
      await fleet.audit();
      if (!left) {
        saved.forget();
        rmSync(control, { force: true });
      }
      await driver.close();
    },
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
