/** A stack to be harmed: three replicas and a standby behind a gateway, as child processes or as containers. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { dockerDriver } from '../../live/driver/docker/driver.ts';
import { processDriver } from '../../live/driver/process.ts';
import type { Unit } from '../../live/types.ts';
import { up } from '../../live/up.ts';
import type { Up } from '../../live/up.ts';

const run = promisify(execFile);
const FAULTY = fileURLToPath(new URL('faulty.mjs', import.meta.url));
const COMPLETE_MS = 60_000;

export type DriverName = 'docker' | 'process';

/** A way to harm a replica. */
export type Fault = 'kill' | 'stop' | 'pause' | 'remove' | 'status' | 'hang' | 'half' | 'slow';

/** Signals work on both; what Docker does needs Docker; what a replica does by itself needs one that can be told. */
export const faultsOf: Readonly<Record<DriverName, readonly Fault[]>> = {
  process: ['kill', 'stop', 'status', 'hang', 'half', 'slow'],
  docker: ['kill', 'stop', 'pause', 'remove'],
};

export interface Stage {
  readonly up: Up;
  replicas(): Promise<Unit[]>;
  harm(unit: Unit, fault: Fault): Promise<void>;
  metric(name: string): Promise<number>;
  close(): Promise<void>;
}

/** Brings it up and waits until all serve, the standby included. */
export async function stage(
  driverName: DriverName,
  gateway: readonly string[],
  gateways = 1,
): Promise<Stage> {
  const directory = mkdtempSync(join(tmpdir(), 'evenly-bench-'));
  const faults = join(directory, 'faults');
  writeFileSync(faults, '');
  const env = { SERVICE: 'constant(5)', WORKERS: '64' };
  const driver =
    driverName === 'docker'
      ? dockerDriver({ stack: `bench-${process.pid}`, env })
      : processDriver({ server: FAULTY, env: { FAULTS: faults } });
  const running = await up({
    driver,
    supervisor: { control: join(directory, 'control.sock'), replicas: 3, standbys: 1, graceMs: 3000 },
    gateway: ['--listen', '127.0.0.1:0', '--admin', '127.0.0.1:0', '--log-level', 'fatal', ...gateway],
    gateways,
    dropPrivileges: false,
    log: () => undefined,
  });
  const metric = async (name: string): Promise<number> => {
    const text = await (await fetch(`${running.adminUrl}/metrics`)).text();
    const lines = text
      .split('\n')
      .filter((line) => line.startsWith(`${name} `) || line.startsWith(`${name}{`));
    return lines.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0);
  };
  await running.supervisor.complete(COMPLETE_MS);
  while ((await metric('evenly_replicas_present')) < 3 || (await metric('evenly_standbys')) < 1)
    await sleep(50);
  const serving = (unit: Unit): boolean =>
    running.supervisor.snapshot.members.some(({ name, state }) => name === unit.name && state === 'ready');
  return {
    up: running,
    metric,
    replicas: async () => (await driver.list()).filter(serving),
    async harm(unit, fault) {
      if (['status', 'hang', 'half', 'slow'].includes(fault))
        writeFileSync(faults, `${unit.name} ${fault}\n`);
      else if (fault === 'pause' || fault === 'remove') await docker(fault, unit.key);
      else process.kill(await pidOf(driverName, unit), fault === 'stop' ? 'SIGSTOP' : 'SIGKILL');
    },
    async close() {
      await running.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

async function docker(fault: 'pause' | 'remove', key: string): Promise<void> {
  await run('docker', fault === 'pause' ? ['pause', key] : ['rm', '-f', key]);
}

async function pidOf(driver: DriverName, { key }: Unit): Promise<number> {
  if (driver === 'process') return Number(key);
  return Number((await run('docker', ['inspect', '-f', '{{.State.Pid}}', key])).stdout);
}
