/** A supervisor that is killed, one that comes after it, and two at once. */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, inject, test } from 'vitest';
import type { Snapshot } from '../../live/types.ts';
import { call } from '../live/supervisor/stack.ts';
import { docker, launch, Place, readyOf, refusedSupervisor, spawnSupervisor } from './stack.ts';

describe.skipIf(inject('skipped') !== null)('a supervisor as a process of its own', () => {
  let place: Place;
  let supervisor: ChildProcess;
  beforeEach(async () => {
    place = new Place();
    supervisor = await spawnSupervisor(place);
    await complete(3);
  });
  afterEach(async () => {
    supervisor.kill('SIGTERM');
    if (supervisor.exitCode === null && supervisor.signalCode === null) await once(supervisor, 'exit');
    const left = await place.leftovers();
    place.sweep();
    expect(left).toEqual([]);
  });

  async function snapshot(control = place.control): Promise<Snapshot> {
    return (await call(control, 'GET', '/members', '')).body as unknown as Snapshot;
  }

  async function complete(n: number, control?: string): Promise<Snapshot> {
    for (;;) {
      const now = await snapshot(control);
      if (readyOf(now).length === n) return now;
      await sleep(50);
    }
  }

  async function crash(): Promise<void> {
    supervisor.kill('SIGKILL');
    await once(supervisor, 'exit');
  }

  test('adopts after a kill -9 what runs, with its ids and handles, and keeps the N that /add led to', async () => {
    await call(place.control, 'POST', '/add', { n: 1, hostnames: ['S9'] });
    const before = await snapshot();
    const containers = await docker('ps', '-q', '--filter', `label=evenly.stack=${place.name}`, '--filter', 'label=evenly.role=replica'); // prettier-ignore
    await crash();
    const restarted = performance.now();
    supervisor = await spawnSupervisor(place);
    const after = await complete(4);
    process.stdout.write(
      `adopted 4 replicas ${(performance.now() - restarted).toFixed(0)} ms after the restart\n`,
    );
    expect(after.members).toEqual(before.members);
    expect(after.version).toBeGreaterThan(before.version);
    expect(await docker('ps', '-q', '--filter', `label=evenly.stack=${place.name}`, '--filter', 'label=evenly.role=replica')).toEqual(containers); // prettier-ignore
  });

  test('replaces after a kill -9 what died meanwhile, under the free id', async () => {
    await crash();
    await docker('kill', place.container('S1'));
    await docker('pause', place.container('S2'));
    supervisor = await spawnSupervisor(place);
    const { members } = await complete(3);
    expect(members.map(({ id }) => id).sort()).toEqual([1, 2, 3]);
    expect(members.map(({ name }) => name).filter((name) => name.startsWith('S'))).toEqual(['S3']);
    expect(await place.containers()).toEqual(members.map(({ name }) => name).sort());
  });

  test('removes after a kill -9 what is too much or was made with other settings', async () => {
    await crash();
    supervisor = await spawnSupervisor(place, '--replicas', '2');
    expect((await complete(2)).members.map(({ name }) => name)).toEqual(['S1', 'S2']);
    await crash();
    supervisor = await spawnSupervisor(place, '--replicas', '2', '--service', 'constant(1)');
    const { members } = await complete(2);
    expect(members.map(({ name }) => name)).not.toContain('S1');
    expect(await place.containers()).toEqual(members.map(({ name }) => name).sort());
  });

  test('refuses to be the second on the same socket, and on another one', async () => {
    const before = await snapshot();
    const same = await refusedSupervisor(place);
    expect(same.code).toBe(2);
    expect(same.said).toMatch(/^A supervisor already keeps this stack: .*\.\n$/);
    const elsewhere = await refusedSupervisor(place, '--control', join(place.directory, 'other.sock'));
    expect(elsewhere.code).toBe(2);
    expect(elsewhere.said).toMatch(/^Another supervisor keeps the stack .*\.\n$/);
    expect(await snapshot()).toEqual(before);
  });

  test('of two that start at once one keeps the stack and the other is refused', async () => {
    supervisor.kill('SIGTERM');
    await once(supervisor, 'exit');
    const controls = [place.control, join(place.directory, 'other.sock')];
    const rivals = controls.map((control) => launch(place, '--control', control));
    const refused = await Promise.race(
      rivals.map((rival, index) => once(rival, 'exit').then(([code]: unknown[]) => ({ index, code }))),
    );
    expect(refused.code).toBe(2);
    supervisor = rivals[1 - refused.index];
    const { members } = await complete(3, controls[1 - refused.index]);
    expect(await place.containers()).toEqual(members.map(({ name }) => name).sort());
  });

  test('takes its guard again when somebody removed it', async () => {
    const before = await snapshot();
    await docker('rm', '-f', `${place.name}-guard`);
    await sleep(1500);
    expect(await docker('inspect', '-f', '{{.State.Running}}', `${place.name}-guard`)).toEqual(['true']);
    expect((await snapshot()).members).toEqual(before.members);
  });
});
