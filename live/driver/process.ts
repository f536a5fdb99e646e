/** Replicas as child processes on 127.0.0.1: for tests, and for machines without Docker. They die with their parent. */
import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { LEAST, NORMAL, mayRaise, setPriority } from '../priority.ts';
import type { Driver, Place, Unit, Watcher } from '../types.ts';
import { NO_SEAT } from '../types.ts';

const SERVER = fileURLToPath(new URL('../../replica/server.mjs', import.meta.url));

export interface ProcessOptions {
  /** The replica's environment: SERVICE, WORKERS, QUEUE, SEED. */
  readonly env?: Readonly<Record<string, string>>;
  /** Another server file, for tests. */
  readonly server?: string;
}

interface Child {
  readonly process: ChildProcess;
  readonly unit: Unit;
}

/** A driver whose replicas end when this process does, however it ends: their standard input closes then. */
export function processDriver({ env = {}, server = SERVER }: ProcessOptions = {}): Driver {
  const children = new Map<string, Child>();
  let watcher: Watcher | undefined;

  async function start(place: Place): Promise<Unit> {
    const child = spawn(process.execPath, [server], {
      env: { ...env, SERVER_ID: place.name, HOST: '127.0.0.1', PORT: '0', WITH_STDIN: '1' },
      stdio: ['pipe', 'pipe', 'inherit'],
      detached: true, // Ctrl-C is for the supervisor
    });
    child.stdin.on('error', () => undefined);
    child.once('exit', () => {
      // Its own children may hold its output open; what was left in there is read first.
      setImmediate(() => child.stdout.destroy());
    });
    if (place.id === NO_SEAT && mayRaise()) setPriority(child.pid, LEAST);
    const port = await portOf(child);
    const key = String(child.pid);
    const unit: Unit = { ...place, key, host: '127.0.0.1', port, running: true };
    children.set(key, { process: child, unit });
    child.once('exit', () => {
      children.delete(key);
      watcher?.ended(key, 'exited');
    });
    return { ...unit, running: child.exitCode === null };
  }

  function end({ key }: Unit, signal: NodeJS.Signals): Promise<void> {
    const child = children.get(key)?.process;
    if (!child) return Promise.resolve();
    return new Promise((resolve) => {
      child.once('exit', () => {
        resolve();
      });
      child.kill(signal);
    });
  }

  return {
    kind: 'process',
    open: () => Promise.resolve(),
    list: () =>
      Promise.resolve(
        [...children.values()].map(({ unit }) => ({ ...unit, suspended: unit.id === NO_SEAT })),
      ),
    taken: () => Promise.resolve([]),
    start,
    // An idle process takes no time either, and a stopped one would not notice the end of its parent.
    suspend: () => Promise.resolve(),
    resume: ({ key }) => {
      setPriority(Number(key), NORMAL);
      return Promise.resolve();
    },
    async stop(unit, graceMs) {
      const force = setTimeout(() => void end(unit, 'SIGKILL'), graceMs);
      await end(unit, 'SIGTERM');
      clearTimeout(force);
    },
    remove: (unit) => end(unit, 'SIGKILL'),
    watch(given) {
      watcher = given;
    },
    async close() {
      await Promise.all([...children.values()].map(({ unit }) => end(unit, 'SIGKILL')));
    },
  };
}

/** The port in the replica's first line. */
function portOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      reject(new Error(`it ended with ${signal ?? code ?? 'nothing'} before it listened`));
    });
    if (!child.stdout) return;
    createInterface(child.stdout).once('line', (line) => {
      resolve(Number(line.replace('listening on ', '')));
    });
  });
}
