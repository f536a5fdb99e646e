/** A stack to be harmed: three replicas and a standby behind a gateway, as child processes or as containers. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { dockerDriver } from '../../live/driver/docker/driver.ts';
import { processDriver } from '../../live/driver/process.ts';
import type { Unit } from '../../live/types.ts';
import { up } from '../../live/up.ts';
import type { Up } from '../../live/up.ts';
import { interrupted } from './bench.ts';
import { FAULTY, harm } from './faults.ts';
import type { DriverName, Fault } from './faults.ts';
import { metricOf } from './metric.ts';

const COMPLETE_MS = 60_000;

export interface Stage {
  readonly up: Up;
  replicas(): Promise<Unit[]>;
  harm(unit: Unit, fault: Fault): Promise<void>;
  /** Those that were told to fail do so no more. */
  heal(): void;
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
  }).catch((error: unknown) => {
    rmSync(directory, { recursive: true, force: true });
    throw error;
  });
  const close = async (): Promise<void> => {
    await running.close();
    rmSync(directory, { recursive: true, force: true });
  };
  const metric = (name: string): Promise<number> => metricOf(running.adminUrl, name);
  try {
    await running.supervisor.complete(COMPLETE_MS);
    while ((await metric('evenly_replicas_present')) < 3 || (await metric('evenly_standbys')) < 1)
      await sleep(50, undefined, { signal: interrupted });
  } catch (error) {
    await close();
    throw error;
  }
  const serving = (unit: Unit): boolean =>
    running.supervisor.snapshot.members.some(({ name, state }) => name === unit.name && state === 'ready');
  return {
    up: running,
    metric,
    replicas: async () => (await driver.list()).filter(serving),
    harm: (unit, fault) => harm(driverName, unit, fault, faults),
    heal: () => {
      writeFileSync(faults, '');
    },
    close,
  };
}
