/** A process that is to have the stack, or has it, as the one sees it that has started it. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import type { Turned } from '../relay.ts';
import type { Bequest, Incumbent, Order, Report } from './messages.ts';
import { SOCKETS_VARIABLE, order } from './messages.ts';

/** Its descriptors: those of this process, a channel, and the sockets after them. */
const STDIO = ['inherit', 'inherit', 'inherit', 'ipc'] as const;

/** Once it has been told to take the stack it is an incumbent like any other. */
export class Successor implements Incumbent {
  readonly process: ChildProcess;
  /** Resolves with its exit code; 1 for one that was killed. */
  readonly ended: Promise<number>;

  /** Starts the same command as this process was started with, from its files as they are now. */
  constructor(sockets: readonly number[]) {
    const numbers = sockets.map((_, at) => STDIO.length + at);
    const child = spawn(process.execPath, [...process.execArgv, ...process.argv.slice(1)], {
      stdio: [...STDIO, ...sockets],
      env: { ...process.env, [SOCKETS_VARIABLE]: numbers.join(',') },
    });
    this.process = child;
    this.ended = new Promise((resolve) => {
      child.once('exit', (code) => {
        resolve(code ?? 1);
      });
      child.once('error', () => {
        if (child.pid === undefined) resolve(1);
      });
    });
  }

  /** Hears all that it reports. */
  on(hear: (report: Report) => void): void {
    this.process.on('message', hear);
  }

  tell(given: Order): void {
    order(this.process, given);
  }

  /** Resolves with the first report of this type. @throws Error when it fails, ends, or takes too long */
  async says<T extends Report['type']>(type: T, withinMs: number): Promise<Extract<Report, { type: T }>> {
    return new Promise((resolve, reject) => {
      const settle = (report: Report): void => {
        if (report.type !== type && report.type !== 'failed') return;
        clearTimeout(timer);
        this.process.off('message', settle);
        if (report.type === 'failed') reject(new Error(report.reason));
        else resolve(report as Extract<Report, { type: T }>);
      };
      const fail = (reason: string): void => {
        settle({ type: 'failed', reason });
      };
      const timer = setTimeout(fail, withinMs, `it was not ${type} within ${withinMs / 1000} s`);
      this.process.on('message', settle);
      void this.ended.then((code) => {
        fail(`it ended with ${code} before it was ${type}`);
      });
    });
  }

  async letGo(): Promise<Bequest> {
    const { turned, starts } = await this.#does('let go');
    return { turned, starts };
  }

  takeBack(): Promise<unknown> {
    return this.#does('take back');
  }

  onTurned(listener: (turned: Turned) => void): () => void {
    const hear = (report: Report): void => {
      if (report.type === 'turned') listener(report.turned);
    };
    this.process.on('message', hear);
    return () => this.process.off('message', hear);
  }

  turn(turned: Turned): void {
    this.tell({ type: 'turn', turned });
  }

  retire(): void {
    this.tell({ type: 'retire' });
  }

  #does(type: 'let go' | 'take back'): Promise<Extract<Report, { type: 'done' }>> {
    const done = this.says('done', ACT_MS);
    this.tell({ type });
    return done;
  }
}

/** What is under way at replicas is waited for. */
const ACT_MS = 60_000;
