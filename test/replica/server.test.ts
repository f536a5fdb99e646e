/** LAB 1 against the replica's one file as a process, and what the experiments ask of it. */
import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';

let server: ChildProcess | undefined;
afterEach(() => {
  server?.kill('SIGKILL');
});

async function start(env: Record<string, string> = {}): Promise<string> {
  const child = spawn(process.execPath, ['replica/server.mjs'], {
    env: { SERVER_ID: 'S1', HOST: '127.0.0.1', PORT: '0', ...env },
  });
  server = child;
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return `http://127.0.0.1:${line.toString().replace('listening on ', '').trim()}`;
}

test('says hello with its id, answers heartbeats with nothing, knows no other path', async () => {
  const url = await start();
  const home = await fetch(`${url}/home?id=7`);
  expect(home.status).toBe(200);
  expect(home.headers.get('content-type')).toBe('application/json');
  expect(await home.json()).toEqual({ message: 'Hello from Server: S1', status: 'successful' });
  const beat = await fetch(`${url}/heartbeat`);
  expect([beat.status, await beat.text()]).toEqual([200, '']);
  for (const path of ['/', '/home/', '/Home', '/other']) expect((await fetch(url + path)).status).toBe(404);
  expect((await fetch(`${url}/home`, { method: 'POST', body: 'x' })).status).toBe(405);
});

test('serves as many at once as it has workers, lets so many wait, and turns the rest away', async () => {
  const url = await start({ SERVICE: 'constant(200)', WORKERS: '1', QUEUE: '1' });
  const begun = performance.now();
  const asked = [1, 2, 3, 4].map(() =>
    fetch(`${url}/home`).then(({ status }) => [status, performance.now() - begun]),
  );
  const answers = await Promise.all(asked);
  expect(answers.map(([status]) => status).sort()).toEqual([200, 200, 503, 503]);
  expect(Math.max(...answers.map(([, ms]) => ms))).toBeGreaterThan(395);
});

test('reports measured service times that have the mean asked for, though timers are whole milliseconds', async () => {
  const url = await start({ SERVICE: 'constant(3.4)' });
  const meanOf = async (requests: number): Promise<number> => {
    let sum = 0;
    for (let i = 0; i < requests; i++)
      sum += Number((await fetch(`${url}/home`)).headers.get('x-service-ms'));
    return sum / requests;
  };
  // what one timer oversleeps the next makes up for, but for a last one and a pause of the machine: the calmest counts
  const means = [await meanOf(50), await meanOf(50), await meanOf(50), await meanOf(50)];
  expect(Math.min(...means)).toBeGreaterThan(3.2);
  expect(Math.min(...means)).toBeLessThan(4.2);
});

test('finishes what it has on SIGTERM, within a second', async () => {
  const url = await start({ SERVICE: 'constant(300)' });
  const answer = fetch(`${url}/home`);
  await sleep(100);
  const asked = performance.now();
  server?.kill('SIGTERM');
  expect((await answer).status).toBe(200);
  if (server?.exitCode === null) await once(server, 'exit');
  expect(server?.exitCode).toBe(0);
  expect(performance.now() - asked).toBeLessThan(1000);
});

test.each([
  [
    { SERVICE: 'gauss(5)' },
    "SERVICE is 'gauss(5)', but must be a law of constant, exponential, lognormal, pareto, such as exponential(5).\n",
  ],
  [{ WORKERS: '0' }, 'WORKERS must be a whole number from 1.\n'],
])('%o is refused in a sentence', async (env, sentence) => {
  const child = spawn(process.execPath, ['replica/server.mjs'], { env: { PORT: '0', ...env } });
  let said = '';
  child.stderr.on('data', (text: Buffer) => (said += text.toString()));
  const [code] = (await once(child, 'close')) as [number];
  expect([code, said]).toEqual([2, sentence]);
});
