/** LAB 3.2 on containers: killed, paused, removed or looping, and how long it takes until N serve again. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { until } from '../live/supervisor/stack.ts';
import type { Stack } from './stack.ts';
import { docker, startStack } from './stack.ts';

const skipped = inject('skipped');

describe.skipIf(skipped !== null)('a replica that ends is replaced', () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await startStack();
  });
  afterAll(async () => {
    await stack.supervisor.close();
    expect(await stack.place.leftovers()).toEqual([]);
    stack.place.sweep();
  });

  /** Times from just before the command is given; printed, not asserted, since they are the machine's as well. */
  const cases: [what: string, args: string[]][] = [
    ['killed', ['kill']],
    ['paused', ['pause']],
    ['removed', ['rm', '-f']],
    ['stopped', ['stop']],
    ['killed again', ['kill']],
  ];
  test.each(cases)('%s', async (what, args) => {
    await sleep(3100); // longer than what counts as a crash loop
    const [victim] = stack.ready();
    const start = performance.now();
    const done = docker(...args, stack.place.container(victim.name));
    await until(() => !stack.names().includes(victim.name));
    const noticed = performance.now() - start;
    await until(() => stack.ready().length === 3);
    const back = performance.now() - start;
    process.stdout.write(
      `${what}: noticed after ${noticed.toFixed(0)} ms, N again after ${back.toFixed(0)} ms\n`,
    );
    await done.catch(() => undefined);

    const replacement = stack.ready().find(({ id }) => id === victim.id);
    expect(replacement?.name).toMatch(/^r-/);
    expect(replacement?.handle).toBeGreaterThan(victim.handle);
    await until(() => stack.supervisor.snapshot.members.length === 3);
    await sleep(500);
    expect(await stack.place.containers()).toEqual(stack.names().sort());
  });

  test('hung without an event: its process is stopped from outside the engine', async () => {
    await sleep(3100);
    const [victim] = stack.ready();
    const [pid] = await docker('inspect', '-f', '{{.State.Pid}}', stack.place.container(victim.name));
    const start = performance.now();
    try {
      process.kill(Number(pid), 'SIGSTOP');
    } catch {
      return; // the engine is on another machine, or this is not root
    }
    await until(() => !stack.names().includes(victim.name));
    const noticed = performance.now() - start;
    await until(() => stack.ready().length === 3);
    const back = performance.now() - start;
    process.stdout.write(
      `hung: noticed after ${noticed.toFixed(0)} ms, N again after ${back.toFixed(0)} ms\n`,
    );
    expect(back).toBeLessThan(3000);
  });
});

describe.skipIf(skipped !== null)('a replica that crashes as it starts', () => {
  test('is tried later and later, and what is left of it is removed', async () => {
    const backoff = { firstMs: 500, mostMs: 10_000, stableMs: 3000 };
    const env = { SERVICE: 'nonsense' }; // the server ends with a sentence
    const stack = await startStack({ replicas: 1, backoff }, { env }, 6000);
    const { place, supervisor } = stack;
    expect(supervisor.snapshot).toMatchObject({ wanted: 1 });
    expect(stack.ready()).toEqual([]);
    expect((await place.containers()).length).toBeLessThanOrEqual(1);
    await supervisor.close();
    expect(await place.leftovers()).toEqual([]);
    place.sweep();
  });
});
