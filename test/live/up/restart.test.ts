/** Gateways are restarted under load: nothing is lost, on connections that are kept and idle too, and the code is read anew. */
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { browse, loads } from './clients.ts';
import { commandsOf, endedAfterEach, lab, site } from './command.ts';
import type { Running } from './command.ts';

let running: Running | undefined;
endedAfterEach(() => running);

async function gateways(): Promise<number[]> {
  const children = await commandsOf(running?.child.pid);
  return [...children].filter(([, command]) => command.includes('gateway/main')).map(([pid]) => pid);
}

/** How many gateways had been started before each of those that run. */
async function starts(): Promise<number[]> {
  const commands = [...(await commandsOf(running?.child.pid)).values()];
  return commands.flatMap((command) => /--gateway-start (\d+)/.exec(command)?.slice(1).map(Number) ?? []);
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + 60_000;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error('it did not hold in time');
    await sleep(50);
  }
}

test(
  'two rolling restarts in a row under load lose nothing, not on kept connections and not of what is sent once either',
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
      '--rehearsal-ms',
      '1500',
    ]);
    await running.announced;
    const base = `http://127.0.0.1:${place.port}`;
    await until(async () => (await gateways()).length === 2);
    const before = await gateways();
    let over = false;
    const browsers = Array.from({ length: 30 }, () => browse(place.port, () => over));
    const url = `${base}/home`;
    const under = [
      loads({ url, arrivals: 'constant(60)' }, () => over),
      loads({ url, arrivals: 'constant(10)', seed: 8, headers: { Connection: 'close' } }, () => over),
      loads({ url: `${base}/heartbeat`, arrivals: 'constant(20)', method: 'POST', body: 'once' }, () => over),
    ];
    running.child.kill('SIGUSR2');
    await until(async () => (await gateways()).filter((pid) => !before.includes(pid)).length === 2);
    await until(async () => {
      const again = await fetch(`http://127.0.0.1:${place.adminPort}/restart`, { method: 'POST' });
      expect([again.status, await again.json()]).toEqual([202, { status: 'restarting' }]);
      await sleep(1000); // while the first restart is under way, the second is one with it
      return (await starts()).some((number) => number >= 4);
    });
    // those of the start are 0 and 1, those of the first restart 2 and 3; each ends with the last of its clients
    await until(async () => (await starts()).filter((number) => number >= 4).length >= 2);
    await until(async () => (await starts()).every((number) => number >= 4));
    over = true;

    for (const result of (await Promise.all(under)).flat()) {
      expect([result.failed, result.errors, result.ok]).toEqual([0, {}, result.sent]);
    }
    const seen = await Promise.all(browsers);
    expect(seen.flatMap(({ failures }) => failures)).toEqual([]);
    expect(seen.reduce((sum, { told }) => sum + told, 0)).toBeGreaterThanOrEqual(15);
    await until(async () => (await gateways()).length === 2);
    for (const number of await starts()) expect(number).toBeGreaterThanOrEqual(4);
    expect((await fetch(url)).status).toBe(200);
  },
);

/** One request on a connection of its own, and what came of it: a status, or an error's code. */
function ask(port: number): Promise<string> {
  return new Promise((resolve) => {
    let said = '';
    const socket = connect(port, '127.0.0.1', () => {
      socket.write('GET /home HTTP/1.1\r\nHost: lab\r\nConnection: close\r\n\r\n');
    });
    socket
      .on('data', (bytes: Buffer) => (said += bytes.toString()))
      .on('error', ({ code }: NodeJS.ErrnoException) => {
        resolve(code ?? 'nothing');
      })
      .on('close', () => {
        resolve(said.slice('HTTP/1.1 '.length).split(' ')[0]);
      });
  });
}

test('where all gateways are killed at once, clients that come meanwhile wait and are answered', async () => {
  const place = await site();
  running = lab(['up', '--driver', 'process', ...place.flags, '--gateways', '2', '--replicas', '2']);
  await running.announced;
  await until(async () => (await gateways()).length === 2);
  const killed = await gateways();
  for (const pid of killed) process.kill(pid, 'SIGKILL');
  await until(async () => !(await gateways()).some((pid) => killed.includes(pid)));
  const answers: Promise<string>[] = [];
  const end = performance.now() + 300;
  while (performance.now() < end || answers.length < 20) {
    answers.push(ask(place.port));
    await sleep(2);
  }
  expect(new Set(await Promise.all(answers))).toEqual(new Set(['200']));
});
