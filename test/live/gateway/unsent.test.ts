/** Requests that may not be sent twice, and were not sent yet: another replica gets them, rather than that they are lost or wait. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { scenario } from '../../../core/scenario.ts';
import { hung } from './replicas.ts';
import { afterwards, backend, gatewayBefore, readyAt, text, until } from './stage.ts';

const roundRobin = { scenario: scenario({ policy: 'round-robin' }) };
const echo = (echoed: string[] = []): Promise<number> =>
  backend((request, response) => {
    void text(request).then((body) => {
      echoed.push(body);
      response.end(body);
    });
  });

describe('a POST of which nothing was sent goes elsewhere', () => {
  it('when a connection is not made: a stopped replica with a full backlog', async () => {
    const script = `const s = require('net').createServer(); s.listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => console.log(s.address().port))`;
    const child = spawn(process.execPath, ['-e', script]);
    const [printed] = (await once(child.stdout, 'data')) as [Buffer];
    const port = Number(printed.toString());
    child.kill('SIGSTOP');
    const held = Array.from({ length: 8 }, () => connect(port, '127.0.0.1').on('error', () => undefined));
    afterwards(async () => {
      for (const socket of held) socket.destroy();
      child.kill('SIGKILL');
      await once(child, 'exit');
    });
    await sleep(50);
    const { gateway } = await gatewayBefore(readyAt(port, await echo()), { ...roundRobin, connectMs: 60 });
    for (let i = 0; i < 6; i++) {
      const response = await fetch(gateway.url, { method: 'POST', body: `post ${i}` });
      expect([response.status, await response.text()]).toEqual([200, `post ${i}`]);
    }
  });

  it('when it waits for a connection at a replica that hangs', async () => {
    const echoed: string[] = [];
    const options = { connections: 1, tryTimeout: '50ms', outlierFailures: 1000, headMs: 60_000 };
    const { gateway } = await gatewayBefore(readyAt(await hung(), await echo(echoed)), {
      ...roundRobin,
      ...options,
    });
    const post = async (body: string, signal: AbortSignal): Promise<number> =>
      (await fetch(gateway.url, { method: 'POST', body, signal })).status;
    const leaving = new AbortController();
    const first = Promise.allSettled(['a', 'b'].map((body) => post(body, leaving.signal)));
    await until(() => echoed.length === 1); // the other one has the connection of the replica that hangs
    await sleep(50);
    const bodies = ['c', 'd', 'e', 'f'];
    const statuses = await Promise.all(bodies.map((body) => post(body, AbortSignal.timeout(5000))));
    expect(statuses).toEqual([200, 200, 200, 200]);
    expect(echoed.slice(1).sort()).toEqual(bodies);
    leaving.abort();
    await first;
  });

  it('when its kept-alive connection has ended: a replica that is killed under load', async () => {
    const script = `require('http').createServer({ keepAliveTimeout: 60000 }, (q, r) => q.resume().on('end', () => r.end('ok')))
      .listen(0, '127.0.0.1', function () { console.log(this.address().port) })`;
    let lost = 0;
    for (let round = 0; round < 5; round++) {
      const child = spawn(process.execPath, ['-e', script]);
      const [printed] = (await once(child.stdout, 'data')) as [Buffer];
      const { gateway } = await gatewayBefore(readyAt(Number(printed.toString()), await echo()), roundRobin);
      const post = async (): Promise<number> =>
        (await fetch(gateway.url, { method: 'POST', body: 'x' })).status;
      await Promise.all(Array.from({ length: 20 }, post));
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
      lost += (await Promise.all(Array.from({ length: 20 }, post))).filter((status) => status !== 200).length;
    }
    expect(lost).toBe(0);
  });
});
