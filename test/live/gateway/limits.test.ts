/** What a client may not do: send too much, take too long, hold too many connections, or not read. */
import { request } from 'node:http';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { backend, gatewayBefore, labReplica, raw, rawServer, readyAt, text, until } from './stage.ts';

const metrics = async (adminUrl: string): Promise<string> => (await fetch(`${adminUrl}/metrics`)).text();
const start = 'POST /home HTTP/1.1\r\nHost: x\r\n';

describe('a request that is too large', () => {
  it.each([
    ['by its head', `GET /home HTTP/1.1\r\nHost: x\r\nX: ${'a'.repeat(600)}\r\n\r\n`, 431],
    ['by a head without end', `GET /home HTTP/1.1\r\nHost: x\r\nX: ${'a'.repeat(600)}`, 431],
    ['by its target', `GET /${'a'.repeat(600)} HTTP/1.1\r\nHost: x\r\n\r\n`, 414],
    ['by a target without end', `GET /${'a'.repeat(600)}`, 414],
    ['by its fields', `GET /home HTTP/1.1\r\nHost: x\r\n${'a:b\r\n'.repeat(10)}\r\n`, 431],
    ['by its length', `${start}Content-Length: 101\r\n\r\n`, 413],
    [
      'by its chunks',
      `${start}Transfer-Encoding: chunked\r\n\r\n3c\r\n${'a'.repeat(60)}\r\n3c\r\n${'a'.repeat(60)}\r\n`,
      413,
    ],
    ['by its trailers', `${start}Transfer-Encoding: chunked\r\n\r\n0\r\nX: ${'a'.repeat(600)}\r\n`, 431],
  ])('%s is refused', async (_how, bytes, status) => {
    const port = await backend((request, response) => {
      text(request).then(
        (body) => response.end(body),
        () => undefined,
      );
    });
    const { gateway } = await gatewayBefore(readyAt(port), { headBytes: 512, fields: 10, bodyBytes: 100 });
    const said = await raw(gateway.url, bytes);
    expect(said).toMatch(new RegExp(`^HTTP/1\\.1 ${status} [^]*Connection: close\r\n`));
    expect(said).toContain('"status":"failure"');
    expect(await metrics(gateway.adminUrl)).toContain(`evenly_refused_total{code="${status}"} 1`);
  });
});

describe('a client that takes its time', () => {
  it.each([
    ['with a head', 'GET /home HTTP/1.1\r\nHost', /^HTTP\/1\.1 408 Request Timeout\r\n/],
    ['with a body', `${start}Content-Length: 9\r\n\r\npart`, /^HTTP\/1\.1 408 Request Timeout\r\n/],
    ['between requests', '', /^$/],
  ])('%s is cut off', async (_what, bytes, expected) => {
    const port = await backend((request) => request.resume().on('error', () => undefined));
    const options = { clientHeadMs: 50, clientBodyMs: 50, clientIdleMs: 50 };
    const { gateway } = await gatewayBefore(readyAt(port), options);
    const began = performance.now();
    expect(await raw(gateway.url, bytes, 2000)).toMatch(expected);
    expect(performance.now() - began).toBeLessThan(1900);
    await until(async () => (await metrics(gateway.adminUrl)).includes('evenly_in_flight 0'));
  });

  it('with reading is cut off, and the replica is free again', async () => {
    let closed = false;
    const port = await rawServer((socket) => {
      socket.once('data', () => {
        socket.write('HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\n');
        const more = (): void => { while (!socket.destroyed && socket.write(Buffer.alloc(65_536))); }; // prettier-ignore
        socket.on('drain', more);
        more();
      });
      socket.on('close', () => (closed = true));
    });
    const { gateway } = await gatewayBefore(readyAt(port), { clientSendMs: 100 });
    const { hostname, port: at } = new URL(gateway.url);
    const socket = connect(Number(at), hostname)
      .pause()
      .on('error', () => undefined);
    socket.write('GET /home HTTP/1.1\r\nHost: x\r\n\r\n');
    await until(() => closed);
    socket.destroy();
  });
});

describe('slow clients on all connections to the replicas', () => {
  it.each([
    ['send', 'POST /home HTTP/1.1\r\nHost: x\r\nContent-Length: 5000\r\n\r\nx'],
    ['read', 'GET /large HTTP/1.1\r\nHost: x\r\n\r\n'],
  ])('that %s slowly give way to one that waits', async (_how, bytes) => {
    const port = await backend((request, response) => {
      if (request.url === '/large') response.end(Buffer.alloc(30e6));
      else request.resume().on('end', () => response.end('ok')).on('error', () => undefined);
    }); // prettier-ignore
    const { gateway } = await gatewayBefore(readyAt(port), { connections: 8 });
    const { hostname, port: at } = new URL(gateway.url);
    const slow = Array.from({ length: 20 }, () => connect(Number(at), hostname).pause().on('error', () => undefined)); // prettier-ignore
    for (const socket of slow) socket.write(bytes);
    await until(
      async () => Number(/^evenly_in_flight (\d+)$/m.exec(await metrics(gateway.adminUrl))?.[1]) >= 8,
    );
    for (let i = 0; i < 5; i++) {
      const response = await fetch(gateway.url, { signal: AbortSignal.timeout(8000) });
      expect(response.status).toBe(200);
    }
    const text = await metrics(gateway.adminUrl);
    expect(text).not.toMatch(/^evenly_ejections_total\{/m);
    for (const socket of slow) socket.destroy();
    await until(async () => (await metrics(gateway.adminUrl)).includes('evenly_in_flight 0'));
  });
});

describe('a client that waits for 100 Continue, and for a connection before', () => {
  it('is not slow for what it could not send', async () => {
    const port = await backend((asked, response) => {
      asked.resume().on('end', () => setTimeout(() => response.end(), asked.url === '/slow' ? 1300 : 0));
    });
    const { gateway } = await gatewayBefore(readyAt(port), { connections: 1, tryTimeout: 'off' });
    const first = fetch(`${gateway.url}/slow`);
    await new Promise((resolve) => setTimeout(resolve, 100));
    const post = new Promise<number | undefined>((resolve, reject) => {
      const headers = { Expect: '100-continue', 'Content-Length': 4 };
      const sent = request(gateway.url, { method: 'POST', headers }, (response) => {
        resolve(response.resume().statusCode);
      });
      sent.on('error', reject).flushHeaders();
      sent.on('continue', () => setTimeout(() => sent.end('body'), 150)); // as far away as that
    });
    await new Promise((resolve) => setTimeout(resolve, 100));
    const others = [1, 2].map(() => fetch(gateway.url));
    expect(await post).toBe(200);
    for (const { status } of await Promise.all([first, ...others])) expect(status).toBe(200);
  });
});

describe('slow readers that keep coming', () => {
  it('give way so soon that the wait for them is not taken for a queue at the replica, and nobody is refused', async () => {
    const large = Buffer.alloc(30e6);
    const port = await backend((request, response) => response.end(request.url === '/large' ? large : 'ok'));
    const { gateway } = await gatewayBefore(readyAt(port), { connections: 12 });
    const { hostname, port: at } = new URL(gateway.url);
    const slow: Socket[] = [];
    const answers: Promise<number>[] = [];
    const end = performance.now() + 5000;
    while (performance.now() < end) {
      const socket = connect(Number(at), hostname).pause().on('error', () => undefined); // prettier-ignore
      socket.write('GET /large HTTP/1.1\r\nHost: x\r\n\r\n');
      slow.push(socket);
      if (slow.length % 2 === 0) answers.push(fetch(`${gateway.url}/home`).then(({ status }) => status));
      await sleep(40);
    }
    expect(new Set(await Promise.all(answers))).toEqual(new Set([200]));
    expect(await metrics(gateway.adminUrl)).not.toMatch(/^evenly_shed_total\{/m);
    for (const socket of slow) socket.destroy();
  });
});

describe('more connections than there may be', () => {
  it('end those that have been idle for longest, and the new ones are served', async () => {
    const { gateway } = await gatewayBefore(readyAt(await backend(labReplica('S1'))), { maxConnections: 5 });
    const { hostname, port } = new URL(gateway.url);
    let ended = 0;
    const held = Array.from({ length: 8 }, () => connect(Number(port), hostname).on('close', () => ended++));
    await until(() => ended === 3);
    const ask = 'GET /home HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n';
    for (let i = 0; i < 10; i++) expect(await raw(gateway.url, ask)).toMatch(/^HTTP\/1\.1 200 /);
    for (const socket of held) socket.destroy();
  });
});

describe('an address with too many connections', () => {
  it('gets a 503 for those above the limit, until one of the others ends', async () => {
    const { gateway } = await gatewayBefore(readyAt(await backend(labReplica('S1'))), {
      clientConnections: 2,
    });
    const { hostname, port } = new URL(gateway.url);
    const held = [1, 2].map(() => connect(Number(port), hostname));
    const ask = (): Promise<string> =>
      raw(gateway.url, 'GET /home HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
    await until(async () => (await ask()).startsWith('HTTP/1.1 503 '));
    expect(await ask()).toContain('\r\nRetry-After: 1\r\n');
    held[0].destroy();
    await until(async () => (await ask()).startsWith('HTTP/1.1 200 '));
    held[1].destroy();
  });
});
