/** LAB 3.2 on the process driver: whoever dies, hangs or loops leaves the snapshot at once and is replaced. */
import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import type { Snapshot } from '../../../live/types.ts';
import type { Stack } from './stack.ts';
import { call, startStack, until } from './stack.ts';
import { temporary } from '../../temporary.ts';

let stack: Stack;
afterEach(async () => {
  await stack.close();
});

async function signal(name: string, sent: NodeJS.Signals): Promise<void> {
  const unit = (await stack.driver.list()).find((listed) => listed.name === name);
  process.kill(Number(unit?.key), sent);
}

test('a killed replica is replaced under a new random name and the same id', async () => {
  stack = await startStack();
  const [first] = stack.ready();
  await signal('S1', 'SIGKILL');
  await until(() => stack.ready().length === 2, 500);
  const took = await until(() => stack.ready().length === 3);
  const replacement = stack.ready().at(-1);
  expect(replacement?.name).toMatch(/^r-/);
  expect(replacement?.id).toBe(first.id);
  expect(replacement?.handle).toBe(3);
  expect(took).toBeLessThan(2000);
});

test('a hung replica is found by its heartbeats, and sooner when the gateway suspects it', async () => {
  stack = await startStack({ health: { intervalMs: 2000, timeoutMs: 150, misses: 2 } });
  await signal('S2', 'SIGSTOP');
  await call(stack.control, 'POST', '/suspect', { name: 'S2', reason: 'timeout' });
  await until(() => !stack.names().includes('S2'), 1500);
  await until(() => stack.ready().length === 3);
  await sleep(200);
  expect(await stack.driver.list()).toHaveLength(3);
});

/** A program of replicas whose heartbeats fail for so long, from their twentieth on. */
function failing(forMs: number): string {
  const server = join(temporary(), 'server.mjs');
  writeFileSync(
    server,
    `import { createServer } from 'node:http';
    let asked = 0;
    let since;
    const server = createServer((_, response) => {
      if (++asked === 20) since = performance.now();
      const fails = performance.now() - since < ${forMs};
      response.writeHead(fails ? 503 : 200).end();
    });
    process.stdin.on('end', () => process.exit(0)).resume();
    server.listen({ port: 0, host: '127.0.0.1' }, () => console.log('listening on ' + server.address().port));`,
  );
  return server;
}

test('a replica whose heartbeats fail for a moment is kept, one where they go on failing is given up', async () => {
  const health = { intervalMs: 100, timeoutMs: 500, misses: 2 };
  stack = await startStack({ health, startMs: 500 }, { server: failing(50) });
  const names = stack.names();
  await sleep(3000);
  expect(stack.names()).toEqual(names);
  await stack.close();
  stack = await startStack({ health, startMs: 500 }, { server: failing(1e6) });
  await until(() => !stack.names().includes('S1'), 5000);
});

test('a suspicion about a healthy replica, or about nobody, does nothing', async () => {
  stack = await startStack();
  expect((await call(stack.control, 'POST', '/suspect', { name: 'S2', reason: 'reset' })).status).toBe(202);
  expect((await call(stack.control, 'POST', '/suspect', { name: 'nobody', reason: '' })).status).toBe(202);
  expect((await call(stack.control, 'POST', '/suspect', '{')).status).toBe(400);
  await sleep(300);
  expect(stack.names()).toEqual(['S1', 'S2', 'S3']);
});

test('a replica that crashes as it starts is tried again, later and later', async () => {
  const directory = temporary();
  const server = join(directory, 'server.mjs');
  const tries = join(directory, 'tries');
  writeFileSync(server, `import fs from 'node:fs'; fs.appendFileSync('${tries}', 'x'); process.exit(1);`);
  const backoff = { firstMs: 50, mostMs: 1000, stableMs: 1000 };
  stack = await startStack({ replicas: 1, backoff }, { server }, 1500);
  // without the growing pauses of 50, 100, 200, 400 and 800 ms it would be more than 15 times
  expect(readFileSync(tries).length).toBeGreaterThanOrEqual(3);
  expect(readFileSync(tries).length).toBeLessThanOrEqual(6);
  expect(stack.supervisor.snapshot).toMatchObject({ wanted: 1, members: [] });
});

test('the stream tells of every change in order', async () => {
  stack = await startStack();
  const seen: Snapshot[] = [];
  const stream = get({ socketPath: stack.control, path: '/members/stream' }, (response) => {
    response.on('data', (chunk: Buffer) => {
      for (const line of chunk.toString().split('\n'))
        if (line !== '') seen.push(JSON.parse(line) as Snapshot);
    });
  });
  stream.on('error', () => undefined);
  await until(() => seen.length === 1);
  await call(stack.control, 'DELETE', '/rm', { n: 1, hostnames: ['S3'] });
  await until(() => seen.at(-1)?.members.length === 2);
  const states = seen.map(({ members }) => members.map(({ state }) => state).join());
  expect(states[0]).toBe('ready,ready,ready');
  expect(states).toContain('ready,ready,draining');
  expect(seen.map(({ version }) => version)).toEqual(
    seen.map(({ version }) => version).sort((a, b) => a - b),
  );
  stream.destroy();
});

test('a second supervisor on the same socket is refused in one sentence', async () => {
  stack = await startStack();
  const { supervise } = await import('../../../live/supervisor/supervisor.ts');
  const second = supervise(stack.driver, { control: stack.control }, () => undefined);
  await expect(second).rejects.toThrow(/^A supervisor already keeps this stack: .*\.$/);
  expect(stack.names()).toEqual(['S1', 'S2', 'S3']);
});

test('a draining replica finishes the request that it has', async () => {
  stack = await startStack({}, { env: { SERVICE: 'constant(400)' } });
  const { host, port } = stack.ready()[0];
  const answer = new Promise<number>((resolve, reject) => {
    get({ host, port, path: '/home' }, (response) => { response.resume(); resolve(response.statusCode ?? 0); }).on('error', reject); // prettier-ignore
  });
  await sleep(100);
  await call(stack.control, 'DELETE', '/rm', { n: 1, hostnames: ['S1'] });
  expect(await answer).toBe(200);
});

test('replicas end with the supervisor, even when it is killed', async () => {
  stack = await startStack({ replicas: 1 });
  const script = `
    import { processDriver } from './live/driver/process.ts';
    const unit = await processDriver().start({ handle: 0, id: 1, name: 'S1', weight: 1 });
    console.log(unit.key);
    setInterval(() => {}, 1000);`;
  const parent = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script]);
  const pid = await new Promise<number>((resolve) => parent.stdout.once('data', (text: Buffer) => { resolve(Number(text)); })); // prettier-ignore
  expect(alive(pid)).toBe(true);
  parent.kill('SIGKILL');
  await until(() => !alive(pid), 3000);
});

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
