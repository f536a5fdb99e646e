/** Real balancers as child processes of a test: a configuration, a socket to ask them through, and their end. */
import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, chownSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** `nobody`, where the tests run as root: a peer needs no rights. */
const UNPRIVILEGED = 65_534;
const LONGEST_START_MS = 10_000;

/** A balancer that runs. */
export interface Peer {
  /** Its folder: sockets lie here, and what it writes. */
  readonly folder: string;
  stop(): Promise<void>;
}

/** Why a program cannot be asked, or null where it can. */
export function missing(program: string): string | null {
  const found = spawnSync(program, ['-v'], { stdio: 'ignore' });
  return found.error ? `${program} is not installed here` : null;
}

/** An empty folder that an unprivileged peer may write to. */
export function peerFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'peer-'));
  chmodSync(folder, 0o755);
  if (process.getuid?.() === 0) chownSync(folder, UNPRIVILEGED, UNPRIVILEGED);
  return folder;
}

/** Writes the configuration, starts the program in the folder, and waits until its socket answers. */
export async function startPeer(
  folder: string,
  config: string,
  command: readonly [string, ...string[]],
  socket: string,
): Promise<Peer> {
  writeFileSync(join(folder, 'config'), config);
  const rights = process.getuid?.() === 0 ? { uid: UNPRIVILEGED, gid: UNPRIVILEGED } : {};
  const [program, ...args] = command;
  const child = spawn(program, args, { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'], ...rights });
  let said = '';
  child.stderr.on('data', (text: Buffer) => (said = `${said}${text.toString()}`.slice(-4000)));
  const ended = new Promise<void>((resolve) => void child.once('exit', () => { resolve(); })); // prettier-ignore
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    await ended;
    rmSync(folder, { recursive: true });
  };
  const until = Date.now() + LONGEST_START_MS;
  while (!(await answers(socket))) {
    if (child.exitCode === null && Date.now() < until) continue;
    await stop();
    throw new Error(`${program} did not start: ${said}`);
  }
  return { folder, stop };
}

/** What the program says of a configuration that it does not take, or null where it takes it. */
export function refusal(
  config: string,
  command: readonly [string, ...string[]],
  folder: string,
): string | null {
  writeFileSync(join(folder, 'config'), config);
  const [program, ...args] = command;
  const { status, stderr } = spawnSync(program, args, { cwd: folder, encoding: 'utf8' });
  return status === 0 ? null : stderr;
}

function answers(socket: string): Promise<boolean> {
  return new Promise((resolve) => {
    const client = connect(socket, () => { client.end(); resolve(true); }); // prettier-ignore
    client.once('error', () => setTimeout(() => { resolve(false); }, 20)); // prettier-ignore
  });
}
