/** One process takes a stack of containers over from another under load: the same containers, and no request fails. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, inject, test } from 'vitest';
import { loads } from '../live/up/clients.ts';
import { lab, site } from '../live/up/command.ts';
import type { Running } from '../live/up/command.ts';
import { Place, docker } from './stack.ts';

describe.skipIf(inject('skipped') !== null)('a stack of containers', () => {
  const place = new Place();
  let running: Running | undefined;
  afterEach(async () => {
    running?.child.kill('SIGTERM');
    await running?.ended;
    const left = await place.leftovers();
    place.sweep();
    expect(left).toEqual([]);
  });

  test('is handed over with its replicas and its standby', async () => {
    const { flags, port } = await site();
    const stack = ['--stack', place.name];
    running = lab([
      'up',
      ...stack,
      ...flags,
      '--replicas',
      '2',
      '--gateways',
      '1',
      '--client-idle-ms',
      '3000',
    ]);
    expect(await running.announced).toContain('forwards to S1, S2');
    const containers = (...more: string[]): Promise<string[]> =>
      docker('ps', '-q', '--filter', `label=evenly.stack=${place.name}`, '--filter', 'label=evenly.role=replica', ...more); // prettier-ignore
    while ((await containers('--filter', 'status=paused')).length === 0) await sleep(100);
    const before = await containers();
    let over = false;
    const url = `http://127.0.0.1:${port}/home`;
    const under = [
      loads({ url, arrivals: 'constant(50)' }, () => over),
      loads({ url, arrivals: 'constant(20)', seed: 8, headers: { Connection: 'close' } }, () => over),
    ];
    const { code, out } = await lab(['restart', ...stack, ...flags.slice(0, 2)]).ended;
    expect([code, out]).toEqual([0, expect.stringMatching(/^Process \d+ has the stack now\.\n$/)]);
    expect(await containers()).toEqual(before);
    over = true;
    for (const result of (await Promise.all(under)).flat())
      expect([result.failed, result.errors, result.ok]).toEqual([0, {}, result.sent]);
  });
});
