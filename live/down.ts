/** Ends a stack from outside: asks the supervisor that runs, or removes what one that was killed left behind. */
import { rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { InputError } from '../core/input-error.ts';
import { supervisorOf } from './supervisor/ask.ts';
import { savedState } from './supervisor/state.ts';
import type { Driver } from './types.ts';

const PATIENCE_MS = 30_000;

/** Says in a sentence what was done. @throws InputError when the supervisor does not end */
export async function downStack(driver: Driver, control: string): Promise<string> {
  const pid = await supervisorOf(control);
  if (pid !== null) return endSupervisor(pid, control);
  await driver.open();
  try {
    const units = await driver.list();
    await Promise.all(units.map((unit) => driver.remove(unit)));
    savedState(`${control}.state`).forget();
    rmSync(control, { force: true });
    return units.length === 0
      ? 'Nothing was running.'
      : `Removed ${units.length} replicas that were left behind.`;
  } finally {
    await driver.close();
  }
}

async function endSupervisor(pid: number, control: string): Promise<string> {
  if (pid === 0)
    throw new InputError(`A supervisor listens on ${control}, but is too busy to answer: try again.`);
  process.kill(pid, 'SIGTERM');
  const deadline = performance.now() + PATIENCE_MS;
  while (performance.now() < deadline) {
    await sleep(50);
    if ((await supervisorOf(control)) === null && !alive(pid)) return 'The stack is down.';
  }
  throw new InputError(
    `The supervisor (process ${pid}) does not end: look at its log, or kill it and run down again.`,
  );
}

function alive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
