/** Silence of all is no fault of one: most of a fleet stays while it lasts, and whoever hung is replaced in the end. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import { probe } from '../../../live/supervisor/probe.ts';
import type { Stack } from './stack.ts';
import { startStack, until } from './stack.ts';

const COUNTING = fileURLToPath(new URL('counting.mjs', import.meta.url));
const health = { intervalMs: 50, timeoutMs: 150, misses: 2 };

let stack: Stack | undefined;
const folders: string[] = [];
afterEach(async () => {
  await stack?.close();
  stack = undefined;
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

/** A program of replicas that answer nothing as long as a file is there, as on a machine that stands still. */
function standing(): { readonly server: string; readonly mark: string } {
  const folder = mkdtempSync(join(tmpdir(), 'evenly-still-'));
  folders.push(folder);
  const [server, mark] = [join(folder, 'server.mjs'), join(folder, 'mark')];
  writeFileSync(
    server,
    `import { existsSync } from 'node:fs';
    import { createServer } from 'node:http';
    const still = ${JSON.stringify(mark)};
    const server = createServer((_, response) => { if (!existsSync(still)) response.end(); });
    process.stdin.on('end', () => process.exit(0)).resume();
    server.listen({ port: 0, host: '127.0.0.1' }, () => console.log('listening on ' + server.address().port));`,
  );
  return { server, mark };
}

async function signal(name: string, sent: NodeJS.Signals): Promise<void> {
  const unit = (await stack?.driver.list())?.find((listed) => listed.name === name);
  process.kill(Number(unit?.key), sent);
}

test('when all fall silent together, all but one stay, and whoever answers again is kept', async () => {
  const { mark, server } = standing();
  stack = await startStack({ health, startMs: 500 }, { server });
  writeFileSync(mark, '');
  await sleep(2000);
  const during = stack.names().filter((name) => name.startsWith('S'));
  rmSync(mark);
  await until(() => stack?.ready().length === 3);
  const after = stack.names().filter((name) => name.startsWith('S'));
  expect(during).toHaveLength(2);
  expect(after).toEqual(during);
});

test('a fleet that hangs as a whole is replaced, one after the other', async () => {
  stack = await startStack({ health });
  const fewest: number[] = [];
  stack.supervisor.onChange(({ members }) => {
    fewest.push(members.filter(({ state }) => state === 'ready').length);
  });
  for (const name of ['S1', 'S2', 'S3']) await signal(name, 'SIGSTOP');
  await until(() => stack?.names().every((name) => name.startsWith('r-')) ?? false, 15_000);
  await until(() => stack?.ready().length === 3);
  expect(Math.min(...fewest)).toBe(2);
});

test('a fleet that hangs as a whole is given up in the end, though no replacement serves', async () => {
  const { mark, server } = standing();
  stack = await startStack({ health, togetherMs: 1000, startMs: 500 }, { server });
  writeFileSync(mark, '');
  await until(() => stack?.ready().length === 0);
});

test('an answer that came in time is no miss, however late it is read', async () => {
  const child = fork(COUNTING, { stdio: ['pipe', 'pipe', 'inherit', 'ipc'] });
  const [line] = (await once(child.stdout as NodeJS.ReadableStream, 'data')) as [Buffer];
  const address = { host: '127.0.0.1', port: Number(/\d+/.exec(line.toString())?.[0]) };
  expect(await probe(address, 1000)).toBe('ok'); // its connection is there
  const beat = probe(address, 100);
  await turn(); // it is sent
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 140);
  expect(await beat).toBe('ok');
  child.kill();
});

test('a kept connection that is closed as it is used is no miss', async () => {
  const asked = new Set<Socket>();
  const server = createServer(({ socket }, response) => {
    if (asked.has(socket)) return void socket.destroy();
    asked.add(socket);
    response.end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = { host: '127.0.0.1', port: (server.address() as AddressInfo).port };
  expect([await probe(address, 1000), await probe(address, 1000)]).toEqual(['ok', 'ok']);
  expect(asked.size).toBe(2);
  server.closeAllConnections();
  server.close();
});

test('no answer in time is a miss', async () => {
  const server = createServer(() => undefined).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  expect(await probe({ host: '127.0.0.1', port }, 50)).toBe('missed');
  server.closeAllConnections();
  server.close();
});
