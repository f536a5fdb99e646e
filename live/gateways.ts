/**
 * The gateways as children of the supervisor: without its privileges, on one port that the kernel spreads their clients
 * over, each with a balancer of its own; one that dies is started again. The supervisor holds the port, so that connections
 * wait even where no gateway runs, but never accepts one.
 */
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { TOKEN_VARIABLE } from './access.ts';
import { Comeback } from './comeback.ts';
import type { Address } from './gateway/listener.ts';
import { end, exited, flagsOf, listening } from './gateway-process.ts';
import { hold, kept } from './port-holder.ts';
import type { Holder } from './port-holder.ts';
import { FIRST, mayRaise, setPriority } from './priority.ts';
import { Relay, tell } from './relay.ts';
import type { Turned } from './relay.ts';
import type { Listening, Log, PeerMessage } from './types.ts';
import type { User } from './unprivileged.ts';

const MAIN = fileURLToPath(new URL('gateway/main.ts', import.meta.url));

/** Of a gateway; the sockets that it is given have the numbers after these. */
const STDIO = ['ignore', 'inherit', 'pipe', 'ipc'] as const;

/** Clients wait for one that takes the place of one that died: it has no time to rehearse. */
const AT_ONCE = ['--rehearsal-ms', '0'];

/** How they are started. */
export interface GatewaysOptions {
  /** Flags of `live/gateway/main.ts`. */
  readonly args: readonly string[];
  /** The public port, and the first gateway's of metrics, health and knobs. */
  readonly listen: Address;
  readonly admin: Address;
  readonly count: number;
  readonly user: User | undefined;
  /** Descriptors of sockets that listen on the two already, from the process before this one. */
  readonly sockets?: readonly number[] | undefined;
  /** What was turned there. */
  readonly turned?: Turned | undefined;
  /** How many gateways it had started. */
  readonly starts?: number | undefined;
  /** The token that changes need from now on, if any. @throws InputError when it cannot be had */
  readonly token: () => string | undefined;
  readonly log: Log;
}

/** Gateways that listen. */
export class Gateways {
  url = '';
  adminUrl = '';
  /** Settles when each has listened once, or ended before it did. */
  others: Promise<unknown> = Promise.resolve();
  readonly #options: GatewaysOptions;
  /** Those that take clients, by index. */
  readonly #workers = new Map<number, ChildProcess>();
  /** All that run: also those that start, and those that finish what they have. */
  readonly #all = new Set<ChildProcess>();
  readonly #relay = new Relay((turned) => {
    this.#keep(turned);
    for (const listener of this.#listeners) listener(turned);
  });
  readonly #listeners = new Set<(turned: Turned) => void>();
  #turned: Turned = { changes: {}, weightsById: {} };
  readonly #comeback = new Comeback();
  #starts: number;
  /** By the environment, which nobody else can read; flags are there for all to see. */
  #env: NodeJS.ProcessEnv = process.env;
  #holder: Holder | undefined;
  #closing = false;
  #restarting: Promise<void> | undefined;

  constructor(options: GatewaysOptions) {
    this.#options = options;
    this.#starts = options.starts ?? 0;
    if (options.turned) this.#turned = options.turned;
  }

  /** Descriptors of the public socket and of the admin listener's. */
  get sockets(): readonly number[] {
    return this.#holder?.ports.map(({ fd }) => fd) ?? [];
  }

  /** Knobs and weights that were turned. */
  get turned(): Turned {
    return this.#turned;
  }

  /** How many were started, those before this process among them. */
  get starts(): number {
    return this.#starts;
  }

  /** Calls the listener with what is turned in one of them, until the function that comes back is called. */
  onTurned(listener: (turned: Turned) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Turns what was turned elsewhere, in all of them. */
  turn(turned: Turned): void {
    this.#keep(turned);
    this.#relay.turn(turned);
  }

  /** Starts all, and resolves when the first one listens. @throws InputError with its own sentence when it cannot */
  async start(): Promise<void> {
    const { listen, admin, sockets } = this.#options;
    const wanted = [
      { ...listen, flag: 'listen' },
      { ...admin, flag: 'admin' },
    ];
    this.#readToken();
    this.#holder = sockets ? kept(sockets, wanted) : await hold(wanted);
    const first = this.#launch(0);
    this.#workers.set(0, first);
    const others = this.#followAll();
    const { url, adminUrl } = await listening(first, () => false).catch(async (error: unknown) => {
      await this.close();
      throw error;
    });
    this.url = url;
    this.adminUrl = adminUrl;
    this.others = Promise.all([others, this.#followAll()]); // also one that ended before the first listened
  }

  /**
   * Starts each again, from its files as they are now: the port stays open, the new one listens before the old one lets go, and
   * the old one finishes what it has. Resolves when the last new one listens.
   * @throws InputError when one cannot start; the old one goes on then, and those after it
   */
  restart(): Promise<void> {
    return (this.#restarting ??= this.#roll()
      .catch((error: unknown) => {
        this.#options.log('error', 'restart given up', { error: String(error) });
        throw error;
      })
      .finally(() => (this.#restarting = undefined)));
  }

  /** Leaves the port to the gateways of another process; resolves when these have finished what they have and ended. */
  async retire(): Promise<void> {
    this.#closing = true;
    for (const worker of this.#all) tell(worker, { type: 'retire' });
    await Promise.all([...this.#all].map(exited));
  }

  /** Closes the port here; gateways that have it go on. */
  async release(): Promise<void> {
    const holder = this.#holder;
    this.#holder = undefined;
    await holder?.release();
  }

  /** Ends them all; what is under way is finished. */
  async close(): Promise<void> {
    this.#closing = true;
    await this.release();
    await Promise.all([...this.#all].map(end));
  }

  #keep({ changes, weightsById }: Turned): void {
    this.#turned = { changes: { ...this.#turned.changes, ...changes }, weightsById };
  }

  #readToken(): void {
    this.#env = { ...process.env, [TOKEN_VARIABLE]: this.#options.token() };
  }

  async #roll(): Promise<void> {
    const { count, log } = this.#options;
    this.#readToken();
    for (let index = 0; index < count && !this.#closing; index++) {
      const next = this.#launch(index);
      await listening(next, () => false);
      const old = this.#workers.get(index);
      this.#workers.set(index, next);
      if (old) tell(old, { type: 'retire' });
      log('info', 'gateway replaced', { index, pid: next.pid, before: old?.pid });
    }
  }

  /** Starts those that there should be. */
  #followAll(): Promise<unknown> {
    const indices = Array.from({ length: this.#options.count }, (_, index) => index);
    return Promise.all(indices.map((index) => this.#follow(index)));
  }

  async #follow(index: number, more: readonly string[] = []): Promise<void> {
    if (this.#workers.has(index)) return;
    const worker = this.#launch(index, more);
    this.#workers.set(index, worker);
    // Its end starts it again. What they cannot start with at all is the first one's to say.
    await listening(worker, () => this.url !== '').catch(() => undefined);
  }

  #launch(index: number, more: readonly string[] = []): ChildProcess {
    const { args, count, user } = this.#options;
    const place = [
      '--gateway-index',
      String(index),
      '--gateway-count',
      String(count),
      '--gateway-start',
      String(this.#starts++),
    ];
    const sockets = this.#socketsOf(index);
    const worker = fork(MAIN, [...args, ...sockets.flags, ...place, ...flagsOf(this.#turned), ...more], {
      execArgv: ['--import', import.meta.resolve('tsx')],
      stdio: [...STDIO, ...sockets.fds],
      env: this.#env,
      ...user,
    });
    this.#all.add(worker);
    const known = this.#turned;
    worker.on('message', ({ type }: Partial<Listening | PeerMessage>) => {
      if (type === 'listening') {
        since = performance.now();
        if (mayRaise()) setPriority(worker.pid, FIRST);
        this.#relay.add(worker, this.#turned === known ? null : this.#turned);
      } else if (type === 'restart') this.restart().catch(() => undefined);
    });
    let since = Infinity;
    const ended = (how: Readonly<Record<string, unknown>>): void => {
      this.#all.delete(worker);
      this.#relay.remove(worker);
      if (this.#workers.get(index) !== worker) return; // it was replaced, or never took its place
      this.#workers.delete(index);
      const listenedMs = performance.now() - since;
      if (!this.#closing && this.url !== '') this.#again(index, listenedMs, how);
    };
    worker.once('exit', (code, signal) => {
      ended({ code, signal });
    });
    // Where the machine has no room for a process there is no exit.
    worker.on('error', ({ message }) => {
      if (worker.pid === undefined) ended({ message });
    });
    return worker;
  }

  /** The sockets that a gateway is given, and what it is told of them. */
  #socketsOf(index: number): { readonly flags: readonly string[]; readonly fds: readonly number[] } {
    const names = index === 0 ? ['--listen-fd', '--admin-fd'] : ['--listen-fd'];
    const ports = this.#holder?.ports.slice(0, names.length) ?? [];
    return {
      flags: names.flatMap((name, at) => [name, String(STDIO.length + at)]),
      fds: ports.map(({ fd }) => fd),
    };
  }

  #again(index: number, listenedMs: number, how: Readonly<Record<string, unknown>>): void {
    const delay = this.#comeback.afterMs(listenedMs);
    this.#options.log('error', 'gateway ended, starting it again', { ...how, index, delay });
    setTimeout(() => {
      if (!this.#closing) void this.#follow(index, AT_ONCE);
    }, delay);
  }
}
