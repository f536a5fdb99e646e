/** A gateway that does not know its replicas yet: clients wait, and are not told that there is none. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { startGateway } from '../../../live/gateway/gateway.ts';
import { hold } from '../../../live/port-holder.ts';
import { afterwards, backend, labReplica, readyAt, stop } from './stage.ts';
import { temporary } from '../../temporary.ts';

const any = { host: '127.0.0.1', port: 0, flag: 'listen' };

it('takes no clients from a port that is held, until it knows them', async () => {
  const control = join(temporary(), 'control.sock');
  const supervisor = createServer().listen(control);
  afterwards(() => stop(supervisor));
  const holder = await hold([any]);
  afterwards(() => holder.release());
  const [{ url, fd }] = holder.ports;
  const args = ['--control', control, '--admin', '127.0.0.1:0', '--listen-fd', '4'];
  const child = fork(
    'live/gateway/main.ts',
    [...args, '--listen', new URL(url).host, '--log-level', 'silent'],
    {
      execArgv: ['--import', 'tsx'],
      stdio: ['ignore', 'inherit', 'inherit', 'ipc', fd],
    },
  );
  afterwards(async () => {
    child.kill('SIGKILL');
    await once(child, 'exit');
  });
  const answer = fetch(`${url}/home`);
  const [, stream] = (await once(supervisor, 'request')) as [IncomingMessage, ServerResponse];
  stream.write('\n');
  expect(await Promise.race([answer, once(child, 'message'), sleep(200, 'waits')])).toBe('waits');
  const members = readyAt(await backend(labReplica('S1')));
  stream.write(`${JSON.stringify({ version: 1, wanted: 1, members })}\n`);
  expect((await answer).status).toBe(200);
});

it('lets a request wait where it listens by itself, and answers 503 once nobody has come', async () => {
  const control = '/nonexistent/control.sock';
  const own = {
    control,
    listen: '127.0.0.1:0',
    admin: '127.0.0.1:0',
    logLevel: 'silent',
    waitMs: 300,
  } as const;
  const gateway = await startGateway(own);
  afterwards(() => gateway.close());
  const since = performance.now();
  expect((await fetch(`${gateway.url}/home`)).status).toBe(503);
  expect(performance.now() - since).toBeGreaterThan(250);
});
