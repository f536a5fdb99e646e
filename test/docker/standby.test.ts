/** Standbys as containers: paused until one dies, in its place within moments, adopted after a crash, gone at the end. */
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import type { Snapshot } from '../../live/types.ts';
import { call, until } from '../live/supervisor/stack.ts';
import type { Stack } from './stack.ts';
import { docker, Place, readyOf, spawnSupervisor, startStack } from './stack.ts';

const skipped = inject('skipped') !== null;

describe.skipIf(skipped)('a standby', () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await startStack({ standbys: 1 });
  });
  afterAll(async () => {
    await stack.supervisor.close();
    expect(await stack.place.leftovers()).toEqual([]);
    stack.place.sweep();
  });

  const paused = (): Promise<string[]> =>
    docker('ps', '-q', '--filter', 'status=paused', '--filter', `label=evenly.stack=${stack.place.name}`);

  test.each([
    ['killed', ['kill']],
    ['paused', ['pause']],
    ['removed', ['rm', '-f']],
  ])('takes the place of a replica that was %s', async (what, args) => {
    await until(() => stack.supervisor.snapshot.standbys === 1);
    await sleep(3100); // longer than what counts as a crash loop
    expect(await paused()).toHaveLength(1);
    const [victim] = stack.ready();
    const done = docker(...args, stack.place.container(victim.name));
    await until(() => !stack.names().includes(victim.name));
    const noticed = performance.now();
    await until(() => stack.ready().length === 3);
    const tookMs = performance.now() - noticed;
    process.stdout.write(`${what}: N again ${tookMs.toFixed(0)} ms after it was noticed\n`);
    await done.catch(() => undefined);
    const replacement = stack.ready().find(({ id }) => id === victim.id);
    expect(replacement?.name).toMatch(/^r-/);
    await until(() => stack.supervisor.snapshot.members.length === 3);
    await until(() => stack.supervisor.snapshot.standbys === 1);
  });

  test('that somebody removes is made anew', async () => {
    await until(() => stack.supervisor.snapshot.standbys === 1);
    const [standby] = await paused();
    await docker('rm', '-f', standby);
    await until(() => stack.supervisor.snapshot.standbys === 0);
    await until(() => stack.supervisor.snapshot.standbys === 1);
    expect(await paused()).not.toEqual([standby]);
    expect(stack.ready()).toHaveLength(3);
  });
});

describe.skipIf(skipped)('a supervisor that is killed', () => {
  test('finds its standby again, and one that took a place on that place', async () => {
    const place = new Place();
    const members = async (): Promise<Snapshot> =>
      (await call(place.control, 'GET', '/members', '')).body as unknown as Snapshot;
    const complete = async (): Promise<Snapshot> => {
      for (;;) {
        const now = await members();
        if (readyOf(now).length === 3 && now.members.length === 3 && now.standbys === 1) return now;
        await sleep(50);
      }
    };
    let supervisor = await spawnSupervisor(place, '--standbys', '1');
    await complete();
    await docker('kill', place.container('S2'));
    await sleep(300);
    const before = await complete();
    expect(readyOf(before).map(({ id }) => id)).toEqual([1, 3, 2]);
    const containers = await place.containers();

    supervisor.kill('SIGKILL');
    await once(supervisor, 'exit');
    supervisor = await spawnSupervisor(place, '--standbys', '1');
    const after = await complete();
    expect(after.members).toEqual(before.members);
    expect(await place.containers()).toEqual(containers);

    supervisor.kill('SIGTERM');
    await once(supervisor, 'exit');
    const left = await place.leftovers();
    place.sweep();
    expect(left).toEqual([]);
  });
});
