/** `up` and `down` on the process driver: what is printed, what is served, and that nothing outlives them. */
import { once } from 'node:events';
import { chmodSync, existsSync, readdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { getPriority } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { FIRST, NORMAL, mayRaise } from '../../../live/priority.ts';
import { until } from '../supervisor/stack.ts';
import { childrenOf, commandsOf, endedAfterEach, lab, site } from './command.ts';
import type { Running, Site } from './command.ts';
import { temporary } from '../../temporary.ts';

const process_ = ['--driver', 'process'];
let running: Running | undefined;
endedAfterEach(() => running);

async function start(place: Site, ...flags: string[]): Promise<string> {
  const one = flags.includes('--gateways') ? [] : ['--gateways', '1'];
  running = lab(['up', ...process_, ...place.flags, ...one, ...flags]);
  return running.announced;
}

function alive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

test('up says what it forwards to, and forwards; down ends it and frees the port', async () => {
  const place = await site();
  expect(await start(place)).toBe(
    `http://127.0.0.1:${place.port} forwards to S1, S2, S3 (stack evenly), open to changes from this machine; Ctrl-C ends it.\n`,
  );
  const home = await fetch(`http://127.0.0.1:${place.port}/home`);
  expect(await home.json()).toEqual({ message: expect.stringMatching(/^Hello from Server: S[123]$/) as string, status: 'successful' }); // prettier-ignore
  const children = await childrenOf(running?.child.pid);
  expect(children.length).toBeGreaterThanOrEqual(4);

  const down = await lab(['down', ...process_, ...place.flags.slice(0, 4)]).ended;
  expect(down).toEqual({ code: 0, out: 'The stack is down.\n', err: '' });
  expect((await running?.ended)?.code).toBe(0);
  await until(() => !children.some(alive), 30_000); // an orphan is reaped a moment after its parent has ended
  await expect(fetch(`http://127.0.0.1:${place.port}/home`)).rejects.toThrow();
});

test('a gateway that serves goes before the replicas, where the stack may say so', async () => {
  await start(await site());
  const commands = [...(await commandsOf(running?.child.pid))];
  const prioritiesOf = (file: string): number[] =>
    commands.filter(([, command]) => command.includes(file)).map(([pid]) => getPriority(pid));
  expect(prioritiesOf('live/gateway/main.ts')).toEqual([mayRaise() ? FIRST : NORMAL]);
  expect(prioritiesOf('replica/server').slice(0, 3)).toEqual([NORMAL, NORMAL, NORMAL]);
});

test('Ctrl-C ends everything', async () => {
  await start(await site());
  const children = await childrenOf(running?.child.pid);
  running?.child.kill('SIGINT');
  expect(await running?.ended).toMatchObject({ code: 0, err: '' });
  await until(() => !children.some(alive), 30_000); // an orphan is reaped a moment after its parent has ended
});

test('after a kill -9 nothing is left, and it comes up again on the same port', async () => {
  const place = await site();
  await start(place);
  const children = await childrenOf(running?.child.pid);
  running?.child.kill('SIGKILL');
  await until(() => !children.some(alive), 30_000);
  expect(await start(place)).toMatch(/forwards to S1, S2, S3/);
});

test('down after a kill -9 takes the files away too', async () => {
  const place = await site();
  const [, control] = place.flags;
  await start(place, '--replicas', '1');
  running?.child.kill('SIGKILL');
  await running?.ended;
  expect(readdirSync(dirname(control))).toContain(basename(control));
  const down = await lab(['down', ...process_, ...place.flags.slice(0, 4)]).ended;
  expect(down).toEqual({ code: 0, out: 'Nothing was running.\n', err: '' });
  expect(readdirSync(dirname(control))).toEqual([]);
});

test('a gateway that dies is started again', async () => {
  const place = await site();
  await start(place, '--replicas', '1');
  const reply = await fetch(`http://127.0.0.1:${place.port}/rep`);
  expect(await reply.json()).toEqual({ message: { N: 1, replicas: ['S1'] }, status: 'successful' });
  const before = await childrenOf(running?.child.pid);
  const gateway = Math.max(...before);
  process.kill(gateway, 'SIGKILL');
  for (let tries = 0; tries < 600; tries++) {
    const again = await fetch(`http://127.0.0.1:${place.port}/home`).catch(() => null);
    if (again?.status === 200) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  expect.unreachable('the gateway did not come back');
});

test('several gateways share the port: one dies and the port stays; knobs, metrics and recordings are of all', async () => {
  const place = await site();
  const folder = temporary();
  chmodSync(folder, 0o777); // the gateways may be nobody
  const record = join(folder, 'decisions.ndjson');
  await start(place, '--gateways', '2', '--replicas', '1', '--record', record);
  const url = `http://127.0.0.1:${place.port}/home`;
  const admin = `http://127.0.0.1:${place.adminPort}`;
  const ask = async (): Promise<number> => (await fetch(url, { headers: { Connection: 'close' } })).status;
  const gateway = async (flag: string): Promise<[number, string] | undefined> =>
    [...(await commandsOf(running?.child.pid))].find(([, command]) => command.includes(flag));
  const counted = async (): Promise<readonly [answered: number, wanted: number]> => {
    const metrics = await (await fetch(`${admin}/metrics`)).text();
    const of = (name: string): number => Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(metrics)?.[1]);
    return [of('evenly_requests_total\\{replica="S1",code="200"\\}'), of('evenly_replicas_wanted')];
  };
  await until(() => existsSync(record.replace('.ndjson', '.2.ndjson')), 20_000);
  await fetch(`${admin}/balancer`, { method: 'PUT', body: '{"policy":"round-robin"}' });
  const [before, wanted] = await counted();
  for (let i = 0; i < 40; i++) expect(await ask()).toBe(200);
  expect([wanted, (await counted())[0] - before]).toEqual([1, 40]);
  const [first] = (await gateway('--gateway-index 0')) ?? [];
  process.kill(Number(first), 'SIGKILL');
  for (let i = 0; i < 20; i++) expect(await ask()).toBe(200);
  await until(() => existsSync(record.replace('.ndjson', '.3.ndjson')), 20_000);
  expect((await gateway('--gateway-start 2'))?.[1]).toContain('--policy round-robin');
});

test('a port that is taken is one sentence, and nothing is left', async () => {
  const place = await site();
  const holder = createServer().listen(place.port, '127.0.0.1');
  await once(holder, 'listening');
  const { code, out, err } = await lab(['up', ...process_, ...place.flags]).ended;
  holder.close();
  expect(code).toBe(2);
  expect(out).toBe('');
  expect(err.trim().split('\n')).toHaveLength(1);
  expect(err).toContain(String(place.port));
});

test('a flag of the gateway that is wrong is refused before anything is started', async () => {
  const place = await site();
  const { code, out, err } = await lab(['up', ...process_, ...place.flags, '--listen', 'nowhere:x']).ended;
  const sentence = "--listen is 'nowhere:x', but must be HOST:PORT or a port up to 65535.\n";
  expect({ code, out, err }).toEqual({ code: 2, out: '', err: sentence });
});

test('without Docker it says what to do', async () => {
  const place = await site();
  const env = { DOCKER_HOST: 'unix:///nonexistent/docker.sock' };
  const { code, err } = await lab(['up', ...place.flags], env).ended;
  expect(code).toBe(2);
  expect(err).toBe(
    'Docker does not answer at unix:///nonexistent/docker.sock: start it (sudo systemctl start docker), or do without it by --driver process.\n',
  );
});
