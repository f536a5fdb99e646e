/** One process takes a stack over from another under load: nothing is lost, or all goes on as it was. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { until } from '../supervisor/stack.ts';
import { browse, loads } from './clients.ts';
import { commandsOf, endedAfterEach, lab, restart, site } from './command.ts';
import type { Running, Site } from './command.ts';

let running: Running | undefined;
endedAfterEach(() => running);

const driver = ['--driver', 'process'];

async function start(place: Site, ...flags: string[]): Promise<void> {
  running = lab(['up', ...driver, ...place.flags, '--replicas', '2', '--client-idle-ms', '6000', ...flags]);
  await running.announced;
}

async function restarted(place: Site): Promise<number> {
  const { code, out, err } = await restart(place);
  expect([code, err]).toEqual([0, '']);
  return Number(/^Process (\d+) has the stack now\.\n$/.exec(out)?.[1]);
}

async function childrenLike(pid: number | undefined, pattern: RegExp): Promise<number[]> {
  return [...(await commandsOf(pid))].filter(([, command]) => pattern.test(command)).map(([child]) => child);
}

/** The gateways and replicas of a process. */
function workersOf(pid: number | undefined): Promise<number[]> {
  return childrenLike(pid, /gateway\/main|server\.mjs/);
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

async function replicas(place: Site): Promise<number> {
  const reply = (await (await fetch(`http://127.0.0.1:${place.port}/rep`)).json()) as {
    message: { N: number };
  };
  return reply.message.N;
}

function add(place: Site): Promise<Response> {
  const init = { method: 'POST', body: '{"n":1}', headers: { 'Content-Type': 'application/json' } };
  return fetch(`http://127.0.0.1:${place.port}/add`, init);
}

test(
  'two processes take over one after the other under load: no request fails, N and knobs stay, the first one goes last',
  { timeout: 300_000 },
  async () => {
    const place = await site();
    await start(place, '--gateways', '2');
    const base = `http://127.0.0.1:${place.port}`;
    const admin = `http://127.0.0.1:${place.adminPort}/balancer`;
    await fetch(admin, { method: 'PUT', body: '{"policy":"round-robin"}' });
    expect((await add(place)).status).toBe(200);
    const before = await workersOf(running?.child.pid);
    let over = false;
    const isOver = (): boolean => over;
    const browsers = Array.from({ length: 20 }, () => browse(place.port, isOver));
    const url = `${base}/home`;
    const under = [
      loads({ url, arrivals: 'constant(60)' }, isOver),
      loads({ url, arrivals: 'constant(20)', seed: 8, headers: { Connection: 'close' } }, isOver),
      loads({ url: `${base}/heartbeat`, arrivals: 'constant(20)', method: 'POST', body: 'once' }, isOver),
    ];
    await sleep(500);
    const second = await restarted(place);
    expect(second).not.toBe(running?.child.pid);
    await until(() => !before.some(isAlive), 60_000); // its gateways and its replicas
    const third = await restarted(place);
    await until(() => !isAlive(second), 60_000);
    over = true;
    for (const result of (await Promise.all(under)).flat())
      expect([result.failed, result.errors, result.ok]).toEqual([0, {}, result.sent]);
    const seen = await Promise.all(browsers);
    expect(seen.flatMap(({ failures }) => failures)).toEqual([]);
    expect(seen.reduce((sum, { told }) => sum + told, 0)).toBeGreaterThanOrEqual(20);

    expect(await replicas(place)).toBe(3);
    expect(await (await fetch(admin)).json()).toMatchObject({ policy: 'round-robin' });
    expect(await childrenLike(running?.child.pid, /lab\.ts up|gateway\/main|server\.mjs/)).toEqual([third]);
    const last = await workersOf(third);
    const down = await lab(['down', ...driver, ...place.flags.slice(0, 2)]).ended;
    expect(down).toEqual({ code: 0, out: 'The stack is down.\n', err: '' });
    expect(await running?.ended).toMatchObject({ code: 0, err: '' });
    await until(() => ![third, ...last].some(isAlive), 30_000);
    await expect(fetch(url)).rejects.toThrow();
  },
);

test(
  'knobs that are turned in the middle of a takeover are turned afterwards',
  { timeout: 120_000 },
  async () => {
    const place = await site();
    await start(place, '--gateways', '1');
    const admin = `http://127.0.0.1:${place.adminPort}/balancer`;
    const turn = async (body: string): Promise<number> =>
      (await fetch(admin, { method: 'PUT', body })).status;
    let parent = running?.child.pid;
    for (const [hashed, policy] of [
      ['md5', 'round-robin'],
      ['crc32', 'random'],
    ]) {
      expect(await turn(`{"requestHash":"${hashed}"}`)).toBe(200);
      const next = restarted(place);
      // gateways of the new process start with what was turned until now, and do not listen yet
      let fresh: number[] = [];
      while (fresh.length === 0) {
        const known = [parent, running?.child.pid];
        const heirs = (await childrenLike(running?.child.pid, /lab\.ts up/)).filter(
          (pid) => !known.includes(pid),
        );
        fresh = (await Promise.all(heirs.map((pid) => childrenLike(pid, /gateway\/main/)))).flat();
      }
      expect(await turn(`{"policy":"${policy}"}`)).toBe(200);
      parent = await next;
      expect(await (await fetch(admin)).json()).toMatchObject({ requestHash: hashed, policy });
    }
  },
);

test('a kill -9 of the process that was started first leaves nothing of those after it', async () => {
  const place = await site();
  await start(place, '--gateways', '1');
  const second = await restarted(place);
  const children = await workersOf(second);
  expect(children.length).toBeGreaterThanOrEqual(3);
  running?.child.kill('SIGKILL');
  await until(() => ![second, ...children].some(isAlive), 30_000);
});

test('a successor whose parent is gone before it has read its files takes nothing, and ends', async () => {
  const { flags } = await site();
  const child = fork(new URL('lab.ts', import.meta.url), ['up', ...driver, ...flags], {
    execArgv: ['--import', 'tsx'],
    env: { ...process.env, EVENLY_SOCKETS: '4,5' },
  });
  child.disconnect();
  expect(await once(child, 'exit')).toEqual([0, null]);
});

test('a successor that dies as it starts, or whose replicas do not serve, changes nothing', async () => {
  const place = await site();
  const server = join(dirname(place.flags[1]), 'server.mjs');
  writeFileSync(server, `await import('${new URL('../../../replica/server.mjs', import.meta.url).href}')`);
  await start(place, '--gateways', '1', '--server', server);
  const successors = (): Promise<number[]> => childrenLike(running?.child.pid, /lab\.ts up/);
  const refused = restart(place);
  let pid: number | undefined;
  while (pid === undefined) [pid] = await successors();
  process.kill(pid, 'SIGKILL');
  expect(await refused).toMatchObject({ code: 2, out: '' });
  expect((await refused).err).toMatch(/goes on as before: it ended with 1 before it was prepared\.$/m);

  writeFileSync(server, 'process.exit(1)');
  expect((await restart(place)).err).toMatch(/goes on as before: not all replicas serve\.$/m);
  expect(await successors()).toEqual([]);
  expect((await fetch(`http://127.0.0.1:${place.port}/home`)).status).toBe(200);
  const json = { 'Content-Type': 'application/json' };
  const init = { method: 'DELETE', body: '{"n":1}', headers: json };
  expect((await fetch(`http://127.0.0.1:${place.port}/rm`, init)).status).toBe(200); // its control socket is its own again
  expect(await replicas(place)).toBe(1);
});

test('where nothing runs there is nothing to restart', async () => {
  const place = await site();
  const { code, err } = await restart(place);
  expect([code, err]).toEqual([2, `No stack answers on ${place.flags[1]}.\n`]);
});
