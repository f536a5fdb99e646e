/** Uploads that do not go well, and the odd corners of framing. */
import { request as httpRequest } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from 'vitest';
import { backend, gatewayBefore, labReplica, raw, readyAt, send, text, until } from './stage.ts';

describe('an upload', () => {
  it('that its client breaks off is broken off at the replica too', async () => {
    let ended = '';
    const port = await backend((request) => {
      request.on('data', () => (ended ||= 'begun')).on('error', () => (ended = 'broken'));
    });
    const { gateway } = await gatewayBefore(readyAt(port));
    const upload = httpRequest(gateway.url, { method: 'PUT', headers: { 'Content-Length': 1e6 } });
    upload.on('error', () => undefined).write('part');
    await until(() => ended === 'begun');
    upload.destroy();
    await until(() => ended === 'broken');
  });

  it('that the replica breaks off gets an answer, and is not sent again', async () => {
    let asked = 0;
    const breaking = await backend((request) => {
      asked++;
      request.once('data', () => request.socket.resetAndDestroy());
    });
    const { gateway } = await gatewayBefore(readyAt(breaking, breaking));
    const answer = new Promise<IncomingMessage>((resolve, reject) => {
      const upload = httpRequest(gateway.url, { method: 'POST', headers: { 'Content-Length': 8 } }, resolve);
      upload.on('error', reject).write('half');
      setTimeout(() => upload.end('half'), 100);
    });
    const response = await answer;
    expect(response.statusCode).toBe(502);
    expect(await text(response)).toContain('could not be reached');
    expect(asked).toBe(1);
  });

  it('that is answered before it ends gives its answer to the client', async () => {
    const port = await backend((_request, response) =>
      response.writeHead(413, { Connection: 'close' }).end('too much'),
    );
    const { gateway } = await gatewayBefore(readyAt(port));
    const response = await send(gateway.url, { method: 'POST' }, 'x'.repeat(100_000));
    expect(response.statusCode).toBe(413);
    expect(await text(response)).toBe('too much');
  });
});

describe('the framing', () => {
  it('of trailers is kept on the way back', async () => {
    const port = await backend((_request, response) => {
      response.writeHead(200, { Trailer: 'X-Sum' });
      response.write('body');
      response.addTrailers({ 'X-Sum': '42' });
      response.end();
    });
    const { gateway } = await gatewayBefore(readyAt(port));
    const response = await send(gateway.url, {});
    expect(await text(response)).toBe('body');
    expect(response.trailers).toEqual({ 'x-sum': '42' });
  });

  it.each([
    ['two Host fields', 'GET /home HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n'],
    ['two lengths', 'POST /home HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab'],
    [
      'a length and chunks',
      'POST /home HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    ],
    ['a bare line feed', 'GET /home HTTP/1.1\nHost: a\n\n'],
    ['a folded field', 'GET /home HTTP/1.1\r\nHost: a\r\nX: 1\r\n 2\r\nTransfer-Encoding : chunked\r\n\r\n'],
  ])('with %s is refused', async (_what, bytes) => {
    const { gateway } = await gatewayBefore(readyAt(await backend(labReplica('S1'))));
    expect(await raw(gateway.url, bytes)).toMatch(/^HTTP\/1\.1 400 /);
    expect((await fetch(`${gateway.url}/home`)).status).toBe(200);
  });

  it('of HTTP/1.0 is understood', async () => {
    const { gateway } = await gatewayBefore(readyAt(await backend(labReplica('S1'))));
    const said = await raw(gateway.url, 'GET /home HTTP/1.0\r\nHost: a\r\n\r\n');
    expect(said).toMatch(/^HTTP\/1\.1 200 OK\r\n[^]*Hello from Server: S1/);
  });
});
