/** Stacks of their own for the Docker tests, looked at from outside by Docker's command line. */
import type { ChildProcess } from 'node:child_process';
import { execFile, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { dockerDriver } from '../../live/driver/docker/driver.ts';
import type { DockerOptions } from '../../live/driver/docker/driver.ts';
import { supervisorOf } from '../../live/supervisor/ask.ts';
import type { Supervisor, SupervisorOptions } from '../../live/supervisor/supervisor.ts';
import { supervise } from '../../live/supervisor/supervisor.ts';
import type { Member, Snapshot } from '../../live/types.ts';

const run = promisify(execFile);

/** Docker's command line; the words of its answer. */
export async function docker(...args: string[]): Promise<string[]> {
  const { stdout } = await run('docker', args);
  return stdout.split(/\s+/).filter((word) => word !== '');
}

/** A name of its own, a directory for the control socket, and everything removed at the end. */
export class Place {
  readonly name = `evenly-test-${process.pid}-${Math.random().toString(36).slice(2, 6)}`;
  readonly directory = mkdtempSync(join(tmpdir(), 'evenly-docker-'));
  readonly control = join(this.directory, 'control.sock');
  readonly #filter = ['--filter', `label=evenly.stack=${this.name}`];

  container(name: string): string {
    return `${this.name}-${name}`;
  }

  /** Names of the containers that there are, running or not, the guard left out; by number of creation. */
  async containers(): Promise<string[]> {
    const all = await docker('ps', '-a', ...this.#filter, '--filter', 'label=evenly.role=replica', '--format', '{{.Names}}'); // prettier-ignore
    return all.map((name) => name.slice(this.name.length + 1)).sort();
  }

  /** Everything of the stack that Docker knows of. */
  async leftovers(): Promise<string[]> {
    const containers = await docker('ps', '-a', ...this.#filter, '--format', '{{.Names}}');
    return [...containers, ...(await docker('network', 'ls', ...this.#filter, '--format', '{{.Name}}'))];
  }

  sweep(): void {
    const remove = (list: string, away: string): void => {
      execFileSync('sh', [
        '-c',
        `docker ${list} -q --filter label=evenly.stack=${this.name} | xargs -r docker ${away}`,
      ]);
    };
    remove('ps -a', 'rm -f');
    remove('network ls', 'network rm');
    rmSync(this.directory, { recursive: true, force: true });
  }
}

export interface Stack {
  readonly place: Place;
  readonly supervisor: Supervisor;
  ready(): Member[];
  names(): string[];
}

/** A supervisor in this process, once all its replicas serve or the time is over. */
export async function startStack(
  options: Partial<SupervisorOptions> = {},
  docker: Partial<DockerOptions> = {},
  withinMs = 20_000,
): Promise<Stack> {
  const place = new Place();
  const driver = dockerDriver({ stack: place.name, ...docker });
  const supervisor = await supervise(driver, { control: place.control, ...options }, () => undefined);
  await supervisor.complete(withinMs);
  const ready = (): Member[] => readyOf(supervisor.snapshot);
  return { place, supervisor, ready, names: () => ready().map(({ name }) => name) };
}

export function readyOf({ members }: Snapshot): Member[] {
  return members.filter(({ state }) => state === 'ready');
}

/** A supervisor as a process of its own; resolves when it answers on its socket. */
export async function spawnSupervisor(place: Place, ...flags: string[]): Promise<ChildProcess> {
  const child = launch(place, ...flags);
  while ((await supervisorOf(place.control)) !== child.pid) {
    if (child.exitCode !== null) throw new Error(`the supervisor ended with ${child.exitCode}`);
    await sleep(20);
  }
  return child;
}

/** One that is expected to end by itself: its exit code and what it said. */
export function refusedSupervisor(
  place: Place,
  ...flags: string[]
): Promise<{ code: number | null; said: string }> {
  const child = launch(place, ...flags);
  let said = '';
  child.stderr?.on('data', (text: Buffer) => (said += text.toString()));
  return new Promise((resolve) => {
    child.once('exit', (code) => {
      resolve({ code, said });
    });
  });
}

/** A supervisor as a process of its own, whatever becomes of it. */
export function launch(place: Place, ...flags: string[]): ChildProcess {
  const args = [
    '--stack',
    place.name,
    '--control',
    place.control,
    '--log-level',
    'error',
    '--standbys',
    '0',
    ...flags,
  ];
  return spawn(process.execPath, ['--import', 'tsx', 'live/supervisor/main.ts', ...args], {
    stdio: ['ignore', 'inherit', 'pipe'],
  });
}
