/** The engine itself goes away and comes back: every replica is started again. Opt-in, since others may use the engine. */
import { exec } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, inject, test } from 'vitest';
import { until } from '../live/supervisor/stack.ts';
import { docker, startStack } from './stack.ts';

const command = process.env.EVENLY_RESTART_DOCKER ?? '';
const skipped = inject('skipped') !== null || command === '';
const how = command === '' ? ' (skipped: EVENLY_RESTART_DOCKER names no command that restarts Docker)' : '';

test.skipIf(skipped)(`after a restart of the engine N replicas serve again${how}`, async () => {
  const stack = await startStack();
  const before = stack.names();
  const start = performance.now();
  await promisify(exec)(command);
  await until(
    () => stack.names().length === 0 || !stack.names().some((name) => before.includes(name)),
    30_000,
  );
  await until(() => stack.ready().length === 3, 30_000);
  const took = performance.now() - start;
  process.stdout.write(`N replicas serve ${took.toFixed(0)} ms after the engine was told to restart\n`);
  expect(
    stack
      .ready()
      .map(({ id }) => id)
      .sort(),
  ).toEqual([1, 2, 3]);
  await until(() => stack.supervisor.snapshot.members.length === 3);
  const [running] = await docker('inspect', '-f', '{{.State.Running}}', `${stack.place.name}-guard`);
  expect(running).toBe('true');
  await stack.supervisor.close();
  expect(await stack.place.leftovers()).toEqual([]);
  stack.place.sweep();
});
