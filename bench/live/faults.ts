/** The ways in which a replica fails, and how each is brought about. */
import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** The program of replicas that can be told to fail. */
export const FAULTY = fileURLToPath(new URL('faulty.mjs', import.meta.url));

/** How replicas run. */
export const DRIVERS = ['docker', 'process'] as const;
export type DriverName = (typeof DRIVERS)[number];

/** A way to harm a replica; `none` is what a measurement is without any. */
export type Fault = 'none' | 'kill' | 'stop' | 'pause' | 'remove' | 'status' | 'hang' | 'half' | 'slow';

/** Signals work on both; what Docker does needs Docker; what a replica does by itself needs one that can be told. */
export const faultsOf: Readonly<Record<DriverName, readonly Fault[]>> = {
  process: ['none', 'kill', 'stop', 'status', 'hang', 'half', 'slow'],
  docker: ['none', 'kill', 'stop', 'pause', 'remove'],
};

/** What a replica does by itself. */
export const TOLD: readonly Fault[] = ['status', 'hang', 'half', 'slow'];

/** A replica that is to fail. */
export interface Victim {
  readonly name: string;
  /** A process number, or a container's id or name. */
  readonly key: string;
}

const run = promisify(execFile);

/** @param file what replicas read that can be told to fail */
export async function harm(driver: DriverName, victim: Victim, fault: Fault, file: string): Promise<void> {
  if (fault === 'none') return;
  if (TOLD.includes(fault)) writeFileSync(file, `${victim.name} ${fault}\n`);
  else if (fault === 'pause') await run('docker', ['pause', victim.key]);
  else if (fault === 'remove') await run('docker', ['rm', '-f', victim.key]);
  else process.kill(await pidOf(driver, victim), fault === 'stop' ? 'SIGSTOP' : 'SIGKILL');
}

async function pidOf(driver: DriverName, { key }: Victim): Promise<number> {
  if (driver === 'process') return Number(key);
  return Number((await run('docker', ['inspect', '-f', '{{.State.Pid}}', key])).stdout);
}
