/** Three replicas behind a balancer that is to be harmed: the project's own stack as `lab.ts up` starts it, or a peer. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { interrupted } from './bench.ts';
import { FAULTY } from './faults.ts';
import type { DriverName, Victim } from './faults.ts';
import { metricOf } from './metric.ts';
import { ended, started } from './processes.ts';
import type { Backend, Proxy } from './proxies.ts';

/** What serves, and the replica that will not. */
export interface Target {
  readonly port: number;
  readonly victim: Victim;
  close(): Promise<void>;
}

/** Where things are. */
export interface Site {
  readonly driver: DriverName;
  readonly folder: string;
  /** What replicas read that can be told to fail. */
  readonly faults: string;
}

const PORT = 18_110;
const ADMIN_PORT = 18_111;
const BACKENDS = [18_112, 18_113, 18_114];
const SERVICE = { SERVICE: 'constant(5)', WORKERS: '64' };
const LAB = fileURLToPath(new URL('../../lab.ts', import.meta.url));
const run = promisify(execFile);

/** The stack from the command line, with its standby; it starts another replica for one that dies. */
export async function ownStack(site: Site, flags: readonly string[]): Promise<Target> {
  const stack = `bench-${process.pid}`;
  const replicas =
    site.driver === 'docker'
      ? ['--service', SERVICE.SERVICE, '--workers', SERVICE.WORKERS]
      : ['--server', toldBy(site)];
  const listen = ['--listen', `127.0.0.1:${PORT}`, '--admin', `127.0.0.1:${ADMIN_PORT}`];
  const args = ['up', '--driver', site.driver, '--stack', stack, '--log-level', 'fatal', ...listen, ...replicas, ...flags]; // prettier-ignore
  const child = spawn(process.execPath, ['--import', 'tsx', LAB, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exit = once(child, 'exit');
  const close = async (): Promise<void> => {
    child.kill('SIGTERM');
    await exit;
  };
  try {
    const said = await Promise.race([once(createInterface(child.stdout), 'line'), exit]);
    const names = /forwards to ([^,]+),/.exec(String(said[0]));
    if (!names) throw new Error('The stack does not serve.');
    while ((await metricOf(`http://127.0.0.1:${ADMIN_PORT}`, 'evenly_standbys')) < 1) await sleep(50);
    const [, name] = names;
    const key = site.driver === 'docker' ? `${stack}-${name}` : childNamed(name, child.pid ?? 0);
    return { port: PORT, victim: { name, key }, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** A peer before three replicas, none of which is replaced. */
export async function peer(site: Site, { command }: Proxy): Promise<Target> {
  const replicas = await (site.driver === 'docker' ? containers() : children(site));
  const { backends, victim } = replicas;
  const words = command({ port: PORT, backends, folder: site.folder, control: '' });
  const proxy = await started(words, PORT).catch((error: unknown) => orElse(error, replicas));
  return {
    port: PORT,
    victim,
    async close() {
      await ended(proxy);
      await replicas.close();
    },
  };
}

/** Ends what was begun before something failed, and goes on failing. */
async function orElse(error: unknown, begun: { close(): Promise<void> }): Promise<never> {
  await begun.close();
  throw error;
}

interface Replicas {
  readonly backends: readonly Backend[];
  readonly victim: Victim;
  close(): Promise<void>;
}

async function children({ faults }: Site): Promise<Replicas> {
  const all = await Promise.all(
    BACKENDS.map((port, at) => {
      const env = { SERVER_ID: `S${at + 1}`, PORT: String(port), FAULTS: faults };
      return started([process.execPath, FAULTY], port, env);
    }),
  );
  return {
    backends: BACKENDS,
    victim: { name: 'S1', key: String(all[0].pid) },
    async close() {
      for (const child of all) child.kill('SIGKILL'); // one of them may be stopped
      await Promise.all(all.map(ended));
    },
  };
}

async function containers(): Promise<Replicas> {
  const names = [1, 2, 3].map((n) => `bench-${process.pid}-S${n}`);
  const env = Object.entries(SERVICE).flatMap((pair) => ['--env', pair.join('=')]);
  const close = async (): Promise<void> => {
    for (const name of names) await run('docker', ['rm', '--force', name]).catch(() => undefined);
  };
  const begin = async (): Promise<string[]> => {
    for (const name of names)
      await run('docker', ['run', '--detach', '--name', name, ...env, '--env', `SERVER_ID=${name}`, 'evenly/replica']); // prettier-ignore
    const address = ['inspect', '--format', '{{.NetworkSettings.IPAddress}}:5000', ...names];
    const addresses = (await run('docker', address)).stdout.trim().split('\n');
    for (const each of addresses) await answers(`http://${each}/heartbeat`);
    return addresses;
  };
  const backends = await begin().catch((error: unknown) => orElse(error, { close }));
  return { backends, victim: { name: names[0], key: names[0] }, close };
}

async function answers(address: string): Promise<void> {
  while (!(await fetch(address).catch(() => null))?.ok) await sleep(50, undefined, { signal: interrupted });
}

/** A program for replicas that knows where to read what it is told: the stack gives replicas no environment of others. */
function toldBy({ faults, folder }: Site): string {
  const file = join(folder, 'told.mjs');
  writeFileSync(
    file,
    `process.env.FAULTS = ${JSON.stringify(faults)};\nawait import(${JSON.stringify(FAULTY)});\n`,
  );
  return file;
}

/** The process number of the replica of a name among a stack's children. */
function childNamed(name: string, parent: number): string {
  const found = readdirSync('/proc').find((pid) => /^\d+$/.test(pid) && isReplica(pid, name, parent));
  if (found === undefined) throw new Error(`There is no process of the replica ${name}.`);
  return found;
}

function isReplica(pid: string, name: string, parent: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const isChild = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]) === parent;
    return isChild && readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').includes(`SERVER_ID=${name}`);
  } catch {
    return false; // it has ended meanwhile
  }
}
