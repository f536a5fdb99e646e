/** Runs `up` and `down` as processes, on a port and a socket of their own. */
import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach } from 'vitest';
import { temporary } from '../../temporary.ts';

const PROGRAM = new URL('lab.ts', import.meta.url).pathname;

export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** A process of the program. */
export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  /** Resolves when the line that says what serves was printed, or it ended. */
  readonly announced: Promise<string>;
}

/** Where a stack of the test lives. */
export interface Site {
  readonly port: number;
  readonly adminPort: number;
  readonly flags: readonly string[];
}

export async function site(): Promise<Site> {
  const control = join(temporary(), 'control.sock');
  const [port, admin] = [await freePort(), await freePort()];
  const listen = ['--listen', `127.0.0.1:${port}`, '--admin', `127.0.0.1:${admin}`];
  return { port, adminPort: admin, flags: ['--control', control, '--log-level', 'error', ...listen] };
}

export function lab(args: readonly string[], env: Record<string, string> = {}): Running {
  const child = spawn(process.execPath, ['--import', 'tsx', PROGRAM, ...args], {
    env: { ...process.env, ...env },
  });
  let out = '';
  let err = '';
  child.stderr.on('data', (text: Buffer) => (err += text.toString()));
  const ended = once(child, 'close').then(([code]: unknown[]) => ({ code: code as number | null, out, err }));
  const announced = new Promise<string>((resolve) => {
    child.stdout.on('data', (text: Buffer) => {
      out += text.toString();
      if (out.includes('\n')) resolve(out);
    });
    void ended.then(() => {
      resolve(out + err);
    });
  });
  return { child, ended, announced };
}

/** Hands a stack over to a new process. */
export function restart(place: Site): Promise<Ended> {
  return lab(['restart', '--driver', 'process', ...place.flags.slice(0, 2)]).ended;
}

/** Ends the stack of a file's tests after each of them. */
export function endedAfterEach(running: () => Running | undefined): void {
  afterEach(async () => {
    running()?.child.kill('SIGTERM');
    await running()?.ended;
  });
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** The numbers of a process's children. */
export async function childrenOf(pid: number | undefined): Promise<number[]> {
  return [...(await commandsOf(pid)).keys()];
}

/** The children of a process by number, with their command lines. */
export async function commandsOf(pid: number | undefined): Promise<Map<number, string>> {
  const listing = spawn('ps', ['-ww', '-o', 'pid=,args=', '--ppid', String(pid)]);
  let text = '';
  listing.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
  await once(listing, 'close');
  const lines = text.split('\n').map((line) => /^\s*(\d+) (.*)$/.exec(line));
  return new Map(
    lines.filter((line) => line !== null).map(([, number, command]) => [Number(number), command]),
  );
}
