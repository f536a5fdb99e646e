/** What the halves of the live balancer say to each other: the fleet, the drivers, the control protocol, the log. */
import type { Replica } from '../core/types.ts';

/** Only a `ready` replica may be given requests; a `draining` one finishes those that it has. */
export type MemberState = 'starting' | 'ready' | 'draining';

/** A replica of the fleet and where it listens. */
export interface Member extends Replica {
  readonly host: string;
  readonly port: number;
  readonly state: MemberState;
}

/**
 * The whole fleet at a moment; a dead replica is absent at once. `version` only grows, also when the supervisor is
 * started again. Across such a restart a handle may come back under another name: a leave and a join.
 */
export interface Snapshot {
  readonly version: number;
  /** The N that the supervisor keeps; fewer may be ready. */
  readonly wanted: number;
  /** Replicas that wait, suspended, to take the place of one that dies. */
  readonly standbys?: number;
  readonly members: readonly Member[];
}

/** What a replica is started as: its place in the fleet and its name, which is its hostname. */
export type Place = Replica;

/** The id of a standby, which has no place in the fleet yet; the fleet's own begin at 1. */
export const NO_SEAT = 0;

/** A replica as its driver sees it. `key` is the driver's own: a container's id, a process's number. */
export interface Unit extends Place {
  readonly key: string;
  readonly host: string;
  readonly port: number;
  /** False for one that has ended, is paused, never came up, or was started with other settings. */
  readonly running: boolean;
  /** True for one that is paused, by whomever; a standby is, until it is needed. */
  readonly suspended?: boolean;
}

/** How a replica ended: `exited` by itself or killed, `oom`, `removed` by somebody, `paused`. */
export type End = 'exited' | 'oom' | 'removed' | 'paused';

/** Makes and ends replicas. All it touches is labelled as this stack's; it never touches anything else. */
export interface Driver {
  readonly kind: 'docker' | 'process';
  /** Checks that the engine answers, takes the stack for this supervisor alone, makes the network.
   *  @throws InputError in one sentence that says what to do */
  open(): Promise<void>;
  /** Everything of this stack, running or not: what a supervisor before this one left. */
  list(): Promise<Unit[]>;
  /** Which of the names belong to something outside the stack. */
  taken(names: readonly string[]): Promise<string[]>;
  /** Starts a replica; resolves once it runs, which is before it serves. */
  start(place: Place): Promise<Unit>;
  /** Lets a standby rest: it takes no processor time, and its memory and address stay its own. No end is told of it. */
  suspend(unit: Unit): Promise<void>;
  /** Wakes it; it serves from then on. */
  resume(unit: Unit): Promise<void>;
  /** Asks it to finish its requests and end, waits `graceMs`, then removes it by force. */
  stop(unit: Unit, graceMs: number): Promise<void>;
  /** Removes it by force; one that is gone already is no error. */
  remove(unit: Unit): Promise<void>;
  /** Tells of ends as they happen. */
  watch(watcher: Watcher): void;
  /** Releases the stack and what `open` made; replicas must be gone by then. */
  close(): Promise<void>;
  /** Releases the stack and nothing else, for another driver to find it as it is; missing where replicas end with this one. */
  handOver?(): Promise<void>;
}

/** What a driver tells of its replicas. */
export interface Watcher {
  ended(key: string, end: End): void;
  /** The engine is there again after a silence: what runs must be looked at anew. */
  recovered(): void;
  /** This supervisor has lost the stack to another one. */
  dispossessed(): void;
}

/** An answer in the lab's form: `message` and `status`. */
export interface Answer {
  readonly status: number;
  readonly body: {
    readonly message: string | { readonly N: number; readonly replicas: readonly string[] };
    readonly status: 'successful' | 'failure';
  };
}

/**
 * The control protocol: HTTP over a Unix domain socket, which the supervisor serves (mode 0660).
 *
 * - `GET /members` answers a `Snapshot`.
 * - `GET /members/stream` answers `application/x-ndjson`: the snapshot now, then one a line as it changes; an empty
 *   line every few seconds says that the supervisor is alive.
 * - `POST /add` and `DELETE /rm` take the raw body and content type of the client and answer the lab's JSON and status.
 * - `POST /suspect` takes a `Suspicion`, answers 202 at once, and probes.
 * - `GET /healthz` answers 200 and `{pid}` when it serves.
 */
export interface Suspicion {
  readonly name: string;
  /** Of the connection that failed: `ECONNREFUSED`, `timeout`, … */
  readonly reason: string;
}

/** The most that the supervisor reads of a payload; the gateway may refuse more itself. */
export const MAX_PAYLOAD_BYTES = 65_536;

/** Weights by the id of a replica: a name goes with its replica, and whoever takes its place has the id. */
export type WeightsById = Readonly<Record<string, number>>;

/** What one gateway asks the others of its stack: their metrics, or to turn the same knobs as it has. */
export interface Question {
  readonly kind: 'metrics' | 'turn';
  readonly changes?: Readonly<Record<string, unknown>> | undefined;
  /** All weights that were turned. */
  readonly weightsById?: WeightsById | undefined;
}

/** A question, to the others by way of the supervisor, which passes it on. */
export interface Asking {
  readonly type: 'ask';
  readonly id: number;
  readonly question: Question;
  /** With a question for metrics, those of the asker. */
  readonly share?: unknown;
}

/** What goes between gateways and the supervisor about a question. */
export type PeerMessage =
  | Asking
  /** To the supervisor: start all gateways again, one after the other. */
  | { readonly type: 'restart' }
  /** To the supervisor, from a gateway that ends: its metrics, for another one to go on with. */
  | { readonly type: 'share'; readonly share: unknown }
  /** To a gateway: the metrics of one that has ended, as they were shown last. */
  | { readonly type: 'bequest'; readonly share: unknown }
  /** To a gateway: another one has taken its place. */
  | { readonly type: 'retire' }
  | { readonly type: 'answer'; readonly id: number; readonly answer: unknown }
  | { readonly type: 'answers'; readonly id: number; readonly answers: readonly unknown[] };

/**
 * What a gateway that was forked by `up` says through its IPC channel once it listens. It ends when that channel
 * closes, so that the public port is free when the supervisor is started again; without a channel (in a container of its own)
 * it keeps serving the last snapshot and connects again. A gateway that cannot start (port taken) writes one sentence
 * to stderr and exits with BAD_INPUT. It is started as `live/gateway/main.ts --control PATH …`, the rest passed through.
 */
export interface Listening {
  readonly type: 'listening';
  readonly url: string;
  readonly adminUrl: string;
}

/** The exit code of a process that was asked for something that cannot be. */
export const BAD_INPUT = 2;

export type Level = 'debug' | 'info' | 'warn' | 'error';

/** A line of the log: what happened, as a short sentence without values, and the values. */
export type Log = (level: Level, event: string, fields?: Readonly<Record<string, unknown>>) => void;
