/** Audits that fall into the moment in which a standby is suspended or resumed: what they list is older than what is so. */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { processDriver } from '../../../live/driver/process.ts';
import type { Supervisor } from '../../../live/supervisor/supervisor.ts';
import { supervise } from '../../../live/supervisor/supervisor.ts';
import type { Driver } from '../../../live/types.ts';
import { until } from './stack.ts';
import { temporary } from '../../temporary.ts';

let supervisor: Supervisor | undefined;
afterEach(() => supervisor?.close());

const STEP_MS = 100;

/** A driver that takes its time over suspending and resuming, and whose lists are as old when they come. */
function slowly(driver: Driver): Driver {
  const suspended = new Set<string>();
  return {
    ...driver,
    async list() {
      const units = (await driver.list()).map((unit) => {
        const isSuspended = suspended.has(unit.key);
        return { ...unit, suspended: isSuspended, running: !isSuspended };
      });
      await sleep(STEP_MS);
      return units;
    },
    async suspend({ key }) {
      await sleep(STEP_MS);
      suspended.add(key);
    },
    async resume(unit) {
      await sleep(STEP_MS);
      suspended.delete(unit.key);
      await driver.resume(unit);
    },
  };
}

test('take neither a standby that has just been suspended nor one that takes a place for lost', async () => {
  const driver = slowly(processDriver());
  const control = join(temporary(), 'control.sock');
  const said: string[] = [];
  const log = (_: string, what: string, fields?: unknown): void => {
    if (/ejected|lost/.test(what)) said.push(JSON.stringify(fields));
  };
  const options = { control, replicas: 2, standbys: 1, drainMs: 10, auditMs: 10 };
  supervisor = await supervise(driver, options, log);
  await supervisor.complete(10_000);
  for (const name of ['S1', 'S2']) {
    await until(() => supervisor?.snapshot.standbys === 1);
    await sleep(3 * STEP_MS);
    const { key } = (await driver.list()).find((unit) => unit.name === name) ?? {};
    process.kill(Number(key), 'SIGKILL');
    await until(() => supervisor?.snapshot.members.every((member) => member.name !== name) === true);
    expect(await supervisor.complete(10_000)).toBe(true);
  }
  await sleep(3 * STEP_MS);
  expect(said).toHaveLength(2); // the two that were killed
});
