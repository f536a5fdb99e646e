/**
 * The gateways as children of the supervisor: without its privileges, on one port that the kernel spreads their clients
 * over, each with a balancer of its own; one that dies is started again. The supervisor holds the port, so that connections
 * wait even where no gateway runs, but never accepts one.
 */
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { InputError } from '../core/input-error.ts';
import { knobs } from '../core/scenario.ts';
import { Comeback } from './comeback.ts';
import { failoverShape } from './gateway/failover-options.ts';
import type { Address } from './gateway/listener.ts';
import { turnable } from './gateway/turn.ts';
import { hold } from './port-holder.ts';
import type { Holder } from './port-holder.ts';
import { Relay, tell } from './relay.ts';
import type { Turned } from './relay.ts';
import type { Listening, Log, PeerMessage } from './types.ts';
import type { User } from './unprivileged.ts';

const MAIN = fileURLToPath(new URL('gateway/main.ts', import.meta.url));
/** A request may last so long after it was told to end. */
const CLOSE_MS = 4000;

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
  readonly #relay = new Relay(({ changes, weightsById }) => {
    this.#turned = { changes: { ...this.#turned.changes, ...changes }, weightsById };
  });
  #turned: Turned = { changes: {}, weightsById: {} };
  readonly #comeback = new Comeback();
  #starts = 0;
  #holder: Holder | undefined;
  #closing = false;
  #restarting: Promise<void> | undefined;

  constructor(options: GatewaysOptions) {
    this.#options = options;
  }

  /** Resolves when the first one listens; the others follow. @throws InputError with its own sentence when it cannot */
  async start(): Promise<void> {
    const { listen, admin } = this.#options;
    this.#holder = await hold([
      { ...listen, flag: 'listen' },
      { ...admin, flag: 'admin' },
    ]);
    const first = this.#launch(0);
    this.#workers.set(0, first);
    const { url, adminUrl } = await listening(first, true).catch(async (error: unknown) => {
      await this.#holder?.release();
      throw error;
    });
    this.url = url;
    this.adminUrl = adminUrl;
    const indices = Array.from({ length: this.#options.count }, (_, index) => index);
    this.others = Promise.all(indices.map((index) => this.#follow(index)));
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

  /** Ends them all; what is under way is finished. */
  async close(): Promise<void> {
    this.#closing = true;
    await this.#holder?.release();
    await Promise.all([...this.#all].map(end));
  }

  async #roll(): Promise<void> {
    const { count, log } = this.#options;
    for (let index = 0; index < count && !this.#closing; index++) {
      const next = this.#launch(index);
      await listening(next, true);
      const old = this.#workers.get(index);
      this.#workers.set(index, next);
      if (old) tell(old, { type: 'retire' });
      log('info', 'gateway replaced', { index, pid: next.pid, before: old?.pid });
    }
  }

  async #follow(index: number, more: readonly string[] = []): Promise<void> {
    if (this.#workers.has(index)) return;
    const worker = this.#launch(index, more);
    this.#workers.set(index, worker);
    await listening(worker, false).catch(() => undefined); // its end starts it again
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
      ...user,
    });
    this.#all.add(worker);
    const known = this.#turned;
    worker.on('message', ({ type }: Partial<Listening | PeerMessage>) => {
      if (type === 'listening') {
        since = performance.now();
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

function flagsOf({ changes: turned, weightsById }: Turned): string[] {
  const decides = turnable.filter((field) => field in turned).flatMap((field) => [`--${knobs[field].flag}`, String(turned[field])]); // prettier-ignore
  const limits = Object.keys(failoverShape).filter((field) => field in turned);
  const flag = (field: string): string =>
    `--${field.replace(/[A-Z]/g, (capital) => `-${capital.toLowerCase()}`)}`;
  const weights = Object.entries(weightsById).map((pair) => pair.join('='));
  return [
    ...decides,
    ...limits.flatMap((field) => [flag(field), String(turned[field])]),
    ...(weights.length === 0 ? [] : ['--weights-by-id', weights.join(',')]),
  ];
}

/** What it says while it starts is passed on, and is its sentence when it cannot. */
function listening(worker: ChildProcess, first: boolean): Promise<Listening> {
  const { stderr } = worker;
  return new Promise((resolve, reject) => {
    let said = '';
    const hear = (text: Buffer): void => {
      said += text.toString();
    };
    const pass = (): void => {
      stderr?.off('data', hear).pipe(process.stderr);
      process.stderr.write(said);
      said = '';
    };
    stderr?.on('data', hear);
    worker.on('message', (message: Listening | PeerMessage) => {
      if (message.type !== 'listening') return;
      pass();
      resolve(message);
    });
    worker.once('error', ({ message }) => {
      if (worker.pid === undefined) reject(new InputError(`The gateway cannot start: ${message}.`));
    });
    worker.once('exit', (code, signal: string | null) => {
      if (!first) pass();
      reject(new InputError(said.trim() || `The gateway ended with ${signal ?? code}.`));
    });
  });
}

function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    const force = setTimeout(() => child.kill('SIGKILL'), CLOSE_MS);
    child.once('exit', () => {
      clearTimeout(force);
      resolve();
    });
    child.kill('SIGTERM');
  });
}
