/** Ports that are held: connections to them wait until somebody accepts, and nobody does so here. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { InputError } from '../../core/input-error.ts';
import { hold } from '../../live/port-holder.ts';

const any = { host: '127.0.0.1', port: 0, flag: 'listen' };
const SERVE = "require('net').createServer((client) => client.end('served')).listen({ fd: 3 })";

async function said(url: string): Promise<string> {
  const { hostname, port } = new URL(url);
  let all = '';
  const client = connect(Number(port), hostname.replace(/[[\]]/g, ''));
  client.on('data', (bytes: Buffer) => (all += bytes.toString()));
  return once(client, 'close').then(
    () => all,
    (error: unknown) => (error as NodeJS.ErrnoException).code ?? '',
  );
}

test('a client waits while nobody serves, and is served by whoever is given the descriptor', async () => {
  const holder = await hold([any, { ...any, host: '::1', flag: 'admin' }, { ...any, host: 'localhost' }]);
  expect(holder.ports.map(({ url }) => new URL(url).hostname)).toEqual(['127.0.0.1', '[::1]', 'localhost']);
  for (const { url, fd } of holder.ports) {
    const answer = said(url);
    expect(await Promise.race([answer, sleep(100, 'waits')])).toBe('waits');
    const server = spawn(process.execPath, ['-e', SERVE], { stdio: ['ignore', 'ignore', 'inherit', fd] });
    expect(await answer).toBe('served');
    server.kill('SIGKILL');
    await once(server, 'exit');
    const later = said(url);
    expect(await Promise.race([later, sleep(50, 'waits')])).toBe('waits');
    later.catch(() => undefined);
  }
  await holder.release();
  for (const { url } of holder.ports) expect(await said(url)).toBe('ECONNREFUSED');
});

test('a process that was not given the descriptor does not keep the port', async () => {
  const holder = await hold([any]);
  const stranger = spawn(process.execPath, ['-e', 'process.stdin.resume(); console.log()']);
  await once(stranger.stdout, 'data');
  await holder.release();
  expect(await said(holder.ports[0].url)).toBe('ECONNREFUSED');
  stranger.kill('SIGKILL');
  await once(stranger, 'exit');
});

test('an address that cannot be had is a sentence with its flag, and the others are let go', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const { port } = taken.address() as AddressInfo;
  const free = createServer().listen(0, '127.0.0.1');
  await once(free, 'listening');
  const { port: other } = free.address() as AddressInfo;
  free.close();
  await once(free, 'close');
  const refused = hold([
    { ...any, port: other },
    { ...any, port, flag: 'admin' },
  ]);
  await expect(refused).rejects.toThrow(
    new InputError(
      `The gateway cannot listen on 127.0.0.1:${port}: something else listens there. Free it or choose another with --admin.`,
    ),
  );
  taken.close();
  const again = await hold([{ ...any, port: other }]);
  await again.release();
  await expect(hold([{ ...any, host: 'no.such.name.invalid' }])).rejects.toThrow(
    /^The gateway cannot listen on no\.such\.name\.invalid:0: .*ENOTFOUND|EAI_AGAIN/,
  );
});
