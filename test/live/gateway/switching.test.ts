/** What is more than a request and its answer: upgrades, interim answers, expectations, trailers on the way in. */
import { createHash } from 'node:crypto';
import { createServer, request as httpRequest } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import {
  afterwards,
  backend,
  gatewayBefore,
  listen,
  raw,
  rawServer,
  readyAt,
  send,
  text,
  until,
} from './stage.ts';

const KEY = 'dGhlIHNhbXBsZSBub25jZQ==';
const upgrade = { Connection: 'Upgrade', Upgrade: 'websocket', 'Sec-WebSocket-Key': KEY };

/** A replica that takes WebSockets and echoes their bytes. */
async function echoing(): Promise<{ port: number; ended: () => boolean }> {
  let ended = false;
  const sockets: Socket[] = [];
  const server = createServer((_request, response) => response.end('no socket'));
  server.on('upgrade', (request, socket: Socket) => {
    sockets.push(socket);
    const accept = createHash('sha1').update(`${request.headers['sec-websocket-key'] ?? ''}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64'); // prettier-ignore
    const head = ['HTTP/1.1 101 Switching Protocols', 'Upgrade: websocket', 'Connection: Upgrade', `Sec-WebSocket-Accept: ${accept}`]; // prettier-ignore
    socket.write(`${head.join('\r\n')}\r\n\r\n`);
    socket.on('data', (chunk) => socket.write(chunk)).on('end', () => socket.end('bye')).on('close', () => (ended = true)); // prettier-ignore
    socket.on('error', () => undefined);
  });
  const port = await listen(server);
  afterwards(() => {
    for (const socket of sockets) socket.destroy();
    return new Promise((resolve) => server.close(resolve));
  });
  return { port, ended: () => ended };
}

function switched(url: string): Promise<{ response: IncomingMessage; socket: Socket }> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(url, { headers: upgrade }).on('error', reject);
    request.on('upgrade', (response, socket: Socket) => {
      resolve({ response, socket });
    });
    request.end();
  });
}

describe('a WebSocket', () => {
  it('echoes a megabyte, and each side hears when the other has no more to say', async () => {
    const replica = await echoing();
    const { gateway } = await gatewayBefore(readyAt(replica.port));
    const { response, socket } = await switched(`${gateway.url}/chat`);
    expect(response.statusCode).toBe(101);
    expect(response.headers['sec-websocket-accept']).toBe('s3pPLMBiTxaQ9kYGzzhZRbK+xOo=');
    const sent = Buffer.alloc(1e6, 'frame ');
    const received: Buffer[] = [];
    socket.on('data', (chunk: Buffer) => received.push(chunk));
    socket.write(sent);
    await until(() => received.reduce((sum, { length }) => sum + length, 0) >= sent.length);
    socket.end();
    await new Promise((resolve) => socket.once('close', resolve));
    expect(Buffer.concat(received).equals(Buffer.concat([sent, Buffer.from('bye')]))).toBe(true);
    await until(replica.ended);
    const metrics = await (await fetch(`${gateway.adminUrl}/metrics`)).text();
    expect(metrics).toContain('evenly_requests_total{replica="S1",code="101"} 1');
    expect(metrics).toContain('evenly_in_flight 0');
  });

  it('ends at the replica when the client breaks off', async () => {
    const replica = await echoing();
    const { gateway } = await gatewayBefore(readyAt(replica.port));
    const { socket } = await switched(gateway.url);
    socket.on('error', () => undefined).resetAndDestroy();
    await until(replica.ended);
  });

  it('is no way to HTTP/2 or anything that was not allowed: the replica hears of no upgrade', async () => {
    let seen: IncomingMessage['headers'] = {};
    const port = await backend((request, response) => {
      seen = request.headers;
      response.end('plain');
    });
    const { gateway } = await gatewayBefore(readyAt(port));
    const headers = { Connection: 'Upgrade, HTTP2-Settings', Upgrade: 'h2c', 'HTTP2-Settings': 'x' };
    expect(await text(await send(gateway.url, { headers }))).toBe('plain');
    expect([seen.upgrade, seen['http2-settings']]).toEqual([undefined, undefined]);
  });

  it('is not taken for another protocol that a replica switches to', async () => {
    const head = 'HTTP/1.1 101 Go\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n';
    const switching = await rawServer((socket) => socket.on('data', () => socket.write(head)));
    const { gateway } = await gatewayBefore(readyAt(switching));
    expect((await send(gateway.url, { headers: upgrade })).statusCode).toBe(502);
  });

  it('is not begun by a replica of its own accord', async () => {
    const switching = await rawServer((socket) => socket.on('data', () => socket.write('HTTP/1.1 101 Go\r\nUpgrade: x\r\n\r\n'))); // prettier-ignore
    const { gateway } = await gatewayBefore(readyAt(switching));
    expect((await fetch(gateway.url)).status).toBe(502);
  });
});

describe('interim answers', () => {
  it('reach the client: 103 with its links, and 100 before the body is sent', async () => {
    const port = await backend((request, response) => {
      response.writeEarlyHints({ link: '</style.css>; rel=preload' });
      void text(request).then((body) => response.end(`got ${body}`));
    });
    const { gateway } = await gatewayBefore(readyAt(port));
    const heard: unknown[] = [];
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      const headers = { Expect: '100-continue', 'Content-Length': 4 };
      const request = httpRequest(gateway.url, { method: 'POST', headers }, resolve).on('error', reject);
      request.on('information', ({ statusCode, headers: { link } }) => heard.push([statusCode, link]));
      request.on('continue', () => {
        heard.push('continue');
        request.end('body');
      });
      request.flushHeaders();
    });
    expect(await text(answer)).toBe('got body');
    expect(heard).toContain('continue');
    expect(heard).toContainEqual([103, '</style.css>; rel=preload']);
  });

  it('that are refusals end the connection, since nobody knows whether the body will come', async () => {
    const server = createServer();
    server.on('checkContinue', (_request, response: ServerResponse) => response.writeHead(403).end('no'));
    const port = await listen(server);
    afterwards(() => new Promise((resolve) => server.close(resolve)));
    const { gateway } = await gatewayBefore(readyAt(port));
    const said = await raw(
      gateway.url,
      'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n',
    );
    expect(said).toMatch(/^HTTP\/1\.1 403 [^]*\r\nConnection: close\r\n/);
  });
});

describe('trailers of a request', () => {
  it('reach the replica, but for those that could pass for fields of its head', async () => {
    let trailers: IncomingMessage['trailers'] = {};
    const port = await backend((request, response) => {
      void text(request).then((body) => {
        ({ trailers } = request);
        response.end(body);
      });
    });
    const { gateway } = await gatewayBefore(readyAt(port));
    const head = 'POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n';
    const said = await raw(gateway.url, `${head}3\r\nabc\r\n0\r\nX-Sum: 42\r\nContent-Length: 9\r\n\r\n`);
    expect(said).toContain('abc');
    expect(trailers).toEqual({ 'x-sum': '42' });
  });
});

describe('a client that will only listen', () => {
  it('gets an answer that comes soon; one that is gone frees the replica', async () => {
    const port = await backend((_request, response) => setTimeout(() => response.end('late'), 50));
    const { gateway } = await gatewayBefore(readyAt(port));
    const { hostname, port: at } = new URL(gateway.url);
    const socket = connect({ port: Number(at), host: hostname, allowHalfOpen: true });
    socket.end('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    let said = '';
    for await (const chunk of socket) said += String(chunk);
    expect(said).toMatch(/^HTTP\/1\.1 200 OK\r\n[^]*late/);
  });
});
