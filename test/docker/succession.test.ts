/** One process takes a stack of containers over from another under load: the same containers, and no request fails. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, inject, test } from 'vitest';
import { loads } from '../live/up/clients.ts';
import { commandsOf, lab, site } from '../live/up/command.ts';
import type { Ended, Running, Site } from '../live/up/command.ts';
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

  const stack = ['--stack', place.name];

  /** Brings two replicas and a standby up. */
  async function start({ flags }: Site): Promise<void> {
    const few = ['--replicas', '2', '--gateways', '1', '--client-idle-ms', '3000'];
    running = lab(['up', ...stack, ...flags, ...few]);
    expect(await running.announced).toContain('forwards to S1, S2');
    while ((await containers('replica', '--filter', 'status=paused')).length === 0) await sleep(100);
  }

  function containers(role: string, ...more: string[]): Promise<string[]> {
    return docker('ps', '-q', '--filter', `label=evenly.stack=${place.name}`, '--filter', `label=evenly.role=${role}`, ...more); // prettier-ignore
  }

  function restart({ flags }: Site): Promise<Ended> {
    return lab(['restart', ...stack, ...flags.slice(0, 2)]).ended;
  }

  /** Sends requests, some of them on connections of their own, until that is over, and expects all to be answered. */
  function loaded({ port }: Site, isOver: () => boolean): () => Promise<void> {
    const url = `http://127.0.0.1:${port}/home`;
    const under = [
      loads({ url, arrivals: 'constant(50)' }, isOver),
      loads({ url, arrivals: 'constant(20)', seed: 8, headers: { Connection: 'close' } }, isOver),
    ];
    return async () => {
      for (const result of (await Promise.all(under)).flat())
        expect([result.failed, result.errors, result.ok]).toEqual([0, {}, result.sent]);
    };
  }

  test('is handed over with its replicas and its standby', async () => {
    const at = await site();
    await start(at);
    const before = await containers('replica');
    let over = false;
    const allAnswered = loaded(at, () => over);
    const { code, out } = await restart(at);
    expect([code, out]).toEqual([0, expect.stringMatching(/^Process \d+ has the stack now\.\n$/)]);
    expect(await containers('replica')).toEqual(before);
    over = true;
    await allAnswered();
  });

  test('is taken back from a successor that dies when it has adopted them', async () => {
    const at = await site();
    await start(at);
    const before = await containers('replica');
    const [guard] = await containers('guard');
    let over = false;
    const allAnswered = loaded(at, () => over);
    const restarted = restart(at);
    let now = [guard];
    while (now.length === 0 || now[0] === guard) now = await containers('guard');
    const children = await commandsOf(running?.child.pid);
    const [pid] = [...children].flatMap(([child, command]) => (/lab\.ts up/.test(command) ? [child] : []));
    process.kill(pid, 'SIGKILL');
    expect((await restarted).err).toMatch(/goes on as before: it ended with 1 before it was serving\.$/m);
    expect(await containers('replica')).toEqual(before);
    const headers = { 'Content-Type': 'application/json' };
    const init = { method: 'POST', body: '{"n":1}', headers };
    const added = await fetch(`http://127.0.0.1:${at.port}/add`, init);
    expect([added.status, await added.json()]).toMatchObject([200, { message: { N: 3 } }]);
    over = true;
    await allAnswered();
  });
});
