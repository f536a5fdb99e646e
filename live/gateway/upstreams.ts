/** The connections to the replicas: a pool of kept-alive ones a member, bounded, the one that was used last first. */
import type { HeadLimits } from '../http/fields.ts';
import type { Member } from '../types.ts';
import type { Attempt } from './attempt.ts';
import { Crowd } from './crowd.ts';
import type { Deadlines } from './deadlines.ts';
import { UpstreamConnection } from './upstream-connection.ts';

/** The reason of what was at a replica that the supervisor gave up or took away. */
export const GONE = 'GONE';

/** While requests wait, connections that slow clients keep are looked for so often. */
const LOOK_EVERY_MS = 50;

/** How the gateway connects. */
export interface UpstreamOptions {
  readonly connectMs: number;
  /** Longest silence within a body. */
  readonly bodyMs: number;
  /** Longest silence within an upgraded connection. */
  readonly tunnelMs: number;
  /** Most connections to one replica; further requests wait. */
  readonly connections: number;
  readonly limits: HeadLimits;
}

/** What pools need of a configuration: read for every request, hence an object of its own that is always alike. */
export function upstreamOptions(config: Omit<UpstreamOptions, 'limits'> & HeadLimits): UpstreamOptions {
  const { bodyMs, connectMs, connections, fields, headBytes, tunnelMs } = config;
  return { connectMs, bodyMs, tunnelMs, connections, limits: { headBytes, fields } };
}

/** The connections to one replica. */
export class Pool {
  readonly host: string;
  readonly port: number;
  readonly options: UpstreamOptions;
  readonly deadlines: Deadlines;
  readonly crowd = new Crowd();
  readonly #idle: UpstreamConnection[] = [];
  readonly #open = new Set<UpstreamConnection>();
  readonly #waiting = new Set<Attempt>();
  #gone = false;
  #look: NodeJS.Timeout | undefined;

  constructor({ host, port }: Member, options: UpstreamOptions, deadlines: Deadlines) {
    this.host = host;
    this.port = port;
    this.options = options;
    this.deadlines = deadlines;
  }

  /** Connections with a request on them or being made. */
  get busy(): number {
    return this.#open.size - this.#idle.length;
  }

  /** Whether a request gets a connection without having to wait for it. */
  get hasFree(): boolean {
    return this.busy < this.options.connections;
  }

  /** Requests that wait for a connection. */
  get pending(): number {
    return this.#waiting.size;
  }

  /** Gives a request a connection, at once or as soon as there is one. */
  serve(attempt: Attempt): void {
    const idle = this.#idle.pop();
    if (idle) idle.carry(attempt);
    else if (this.#open.size < this.options.connections) this.#connect(attempt);
    else {
      this.#waiting.add(attempt);
      if (this.#look === undefined) this.#makeRoom();
    }
  }

  /** A request that waits is not wanted any more. */
  forget(attempt: Attempt): void {
    this.#waiting.delete(attempt);
  }

  /** A connection is free for the next request. */
  release(connection: UpstreamConnection): void {
    const next = this.#next();
    if (next) connection.carry(next);
    else this.#idle.push(connection);
  }

  /** A connection is no more; who waits gets another in its place. */
  closed(connection: UpstreamConnection): void {
    this.#open.delete(connection);
    const at = this.#idle.indexOf(connection);
    if (at >= 0) this.#idle.splice(at, 1);
    if (this.#gone) return;
    const next = this.#next();
    if (next) this.#connect(next);
  }

  /** Ends every connection and every request on it or waiting for it. */
  destroy(reason: string): void {
    this.#gone = true;
    for (const connection of [...this.#open]) connection.destroy(reason);
    for (const attempt of [...this.#waiting]) attempt.failed({ kind: 'unsent', reason });
    this.#waiting.clear();
  }

  /** Where requests wait, they get the connections that slow clients have kept for longest, now or when they have. */
  #makeRoom(): void {
    const now = performance.now();
    const slow = [...this.#open].map((connection) => ({ connection, ms: connection.slowMs(now) }));
    const kept = slow.filter(({ ms }) => ms > 0).sort((a, b) => b.ms - a.ms);
    for (const { connection } of kept.slice(0, this.#waiting.size)) connection.cut();
    this.#look = setTimeout(() => {
      this.#look = undefined;
      if (this.#waiting.size > 0) this.#makeRoom();
    }, LOOK_EVERY_MS).unref();
  }

  #connect(attempt: Attempt): void {
    const connection = new UpstreamConnection(this);
    this.#open.add(connection);
    connection.carry(attempt);
  }

  #next(): Attempt | undefined {
    const [next] = this.#waiting;
    if (next as Attempt | undefined) this.#waiting.delete(next);
    return next;
  }
}

/** The pools of the members of now, by handle. */
export class Upstreams {
  readonly #pools = new Map<number, Pool>();
  readonly #options: UpstreamOptions;
  readonly #deadlines: Deadlines;

  constructor(options: UpstreamOptions, deadlines: Deadlines) {
    this.#options = options;
    this.#deadlines = deadlines;
  }

  get(handle: number): Pool | undefined {
    return this.#pools.get(handle);
  }

  open(member: Member): void {
    this.#pools.set(member.handle, new Pool(member, this.#options, this.#deadlines));
  }

  /** Ends every request that is at a replica which is gone, so that none waits for an answer that cannot come. */
  cut(handle: number): void {
    const pool = this.#pools.get(handle);
    this.#pools.delete(handle);
    pool?.destroy(GONE);
  }

  closeAll(): void {
    for (const handle of [...this.#pools.keys()]) this.cut(handle);
  }
}
