/** Gateways are restarted under load: nothing is lost, on connections that are kept and idle too, and the code is read anew. */
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { load } from '../../../live/load/load.ts';
import { commandsOf, lab, site } from './command.ts';
import type { Running } from './command.ts';

let running: Running | undefined;
afterEach(async () => {
  running?.child.kill('SIGTERM');
  await running?.ended;
  running = undefined;
});

/** A client that thinks before it asks again, on a connection that it keeps for as long as it is not told to close it. */
async function browse(
  port: number,
  untilMs: number,
): Promise<{ answers: number; told: number; failures: string[] }> {
  const seen = { answers: 0, told: 0, failures: [] as string[] };
  const fine = (): boolean => seen.failures.length === 0;
  while (performance.now() < untilMs && fine()) {
    const socket = connect(port, '127.0.0.1').on('error', ({ message }) => seen.failures.push(message));
    const closed = once(socket, 'close').then(() => 'closed before it answered');
    for (let last = false; !last && fine();) {
      const answer = once(socket, 'data').then(([bytes]) => String(bytes));
      socket.write('GET /home HTTP/1.1\r\nHost: lab\r\n\r\n');
      const said = await Promise.race([answer, closed]);
      if (!said.startsWith('HTTP/1.1 200 ')) seen.failures.push(said);
      seen.answers++;
      const isTold = said.includes('\r\nConnection: close\r\n');
      if (isTold) seen.told++;
      last = isTold || performance.now() > untilMs;
      if (!last) await sleep(Math.random() * 600);
    }
    socket.destroy();
    await closed;
  }
  return seen;
}

async function gateways(): Promise<number[]> {
  const children = await commandsOf(running?.child.pid);
  return [...children].filter(([, command]) => command.includes('gateway/main')).map(([pid]) => pid);
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + 60_000;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error('it did not hold in time');
    await sleep(50);
  }
}

test(
  'a rolling restart under load loses nothing, not on kept connections either',
  { timeout: 300_000 },
  async () => {
    const place = await site();
    running = lab([
      'up',
      '--driver',
      'process',
      ...place.flags,
      '--gateways',
      '2',
      '--replicas',
      '2',
      '--client-idle-ms',
      '12000',
    ]);
    await running.announced;
    const base = `http://127.0.0.1:${place.port}`;
    await until(async () => (await gateways()).length === 2);
    const before = await gateways();
    const browsers = Array.from({ length: 30 }, () => browse(place.port, performance.now() + 15_000));
    const options = { url: `${base}/home`, durationMs: 15_000 };
    const under = [
      load({ ...options, arrivals: 'constant(60)' }),
      load({ ...options, arrivals: 'constant(10)', seed: 8, headers: { Connection: 'close' } }),
    ];
    running.child.kill('SIGUSR2');
    await until(async () => (await gateways()).filter((pid) => !before.includes(pid)).length === 2);
    const again = await fetch(`http://127.0.0.1:${place.adminPort}/restart`, { method: 'POST' });
    expect([again.status, await again.json()]).toEqual([202, { status: 'restarting' }]);

    for (const result of await Promise.all(under)) {
      expect([result.failed, result.errors, result.ok]).toEqual([0, {}, result.sent]);
    }
    const seen = await Promise.all(browsers);
    expect(seen.flatMap(({ failures }) => failures)).toEqual([]);
    expect(seen.reduce((sum, { told }) => sum + told, 0)).toBeGreaterThanOrEqual(15);
    await until(async () => (await gateways()).length === 2);
    const commands = [...(await commandsOf(running.child.pid)).values()];
    const numbers = commands.flatMap((command) => /--gateway-start (\d+)/.exec(command)?.[1] ?? []);
    for (const number of numbers) expect(Number(number)).toBeGreaterThanOrEqual(2); // those of the start are 0 and 1
    expect((await fetch(options.url)).status).toBe(200);
  },
);
