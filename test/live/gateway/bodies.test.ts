/** Bodies through the gateway: every framing, both ways, streamed and held back, and never made whole where one broke. */
import { createHash, randomBytes } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import type { RequestOptions } from 'node:http';
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { backend, gatewayBefore, readyAt, send, text, until } from './stage.ts';

describe('bodies', () => {
  it.each([
    ['HEAD', 200, { 'Content-Length': '1234' }],
    ['GET', 204, {}],
    ['GET', 304, { ETag: '"x"' }],
  ])('are absent from the answer to %s with %i', async (method, status, headers) => {
    const port = await backend((_request, response) => response.writeHead(status, headers).end());
    const { gateway } = await gatewayBefore(readyAt(port));
    for (let again = 0; again < 3; again++) {
      const response = await send(gateway.url, { method });
      expect(response.statusCode).toBe(status);
      expect(await text(response)).toBe('');
      for (const [name, value] of Object.entries(headers))
        expect(response.headers[name.toLowerCase()]).toBe(value);
    }
  });

  it('go through chunked or with a length, of any method, both ways', async () => {
    const port = await backend((request, response) => {
      void text(request).then((body) => {
        const framing = request.headers['content-length'] ?? request.headers['transfer-encoding'];
        response.write(`${request.method ?? ''} ${framing ?? 'none'} `);
        setTimeout(() => response.end(body), 5);
      });
    });
    const { gateway } = await gatewayBefore(readyAt(port));
    const answer = async (options: RequestOptions, body?: string): Promise<string> =>
      text(await send(gateway.url, options, body));
    expect(await answer({ method: 'POST', headers: { 'Content-Length': 4 } }, 'abcd')).toBe('POST 4 abcd');
    const chunked = { 'Transfer-Encoding': 'chunked' };
    expect(await answer({ method: 'PUT', headers: chunked }, 'abcd')).toBe('PUT chunked abcd');
    expect(await answer({ method: 'DELETE', headers: chunked }, 'abcd')).toBe('DELETE chunked abcd');
    expect(await answer({ method: 'POST', headers: { 'Content-Length': 0 } })).toBe('POST 0 ');
    expect(await answer({ method: 'GET' })).toBe('GET none ');
    expect(await answer({ method: 'PROPFIND' })).toBe('PROPFIND 0 ');
  });

  it('of 100 MB stream up and down unchanged, in little memory', async () => {
    const megabyte = randomBytes(1024 * 1024);
    const megabytes = 100;
    const received = createHash('sha1');
    const port = await backend((request, response) => {
      request.on('data', (chunk: Buffer) => received.update(chunk)).pipe(response);
    });
    const { gateway } = await gatewayBefore(readyAt(port));
    const sent = createHash('sha1');
    const back = createHash('sha1');
    let peak = 0;
    const before = process.memoryUsage.rss();
    await new Promise<void>((resolve, reject) => {
      const request = httpRequest(gateway.url, { method: 'POST' }, (response) => {
        response.on('data', (chunk: Buffer) => back.update(chunk)).on('end', resolve);
      }).on('error', reject);
      let left = megabytes;
      const more = (): void => {
        while (left-- > 0) {
          sent.update(megabyte);
          peak = Math.max(peak, process.memoryUsage.rss());
          if (!request.write(megabyte)) return void request.once('drain', more);
        }
        request.end();
      };
      more();
    });
    const expected = sent.digest('hex');
    expect([received.digest('hex'), back.digest('hex')]).toEqual([expected, expected]);
    expect((peak - before) / 1e6).toBeLessThan(90);
  });

  it('wait for a client that does not read: the replica is held back', async () => {
    let written = 0;
    const port = await backend((_request, response) => {
      const more = (): void => {
        const chunk = Buffer.alloc(64 * 1024);
        for (;;) {
          written += chunk.length;
          if (!response.write(chunk)) return void response.once('drain', more);
        }
      };
      more();
    });
    const { gateway } = await gatewayBefore(readyAt(port));
    const { hostname, port: at } = new URL(gateway.url);
    const socket = connect(Number(at), hostname);
    socket.pause().write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    let before = -1;
    await until(async () => {
      before = written;
      await new Promise((resolve) => setTimeout(resolve, 200));
      return before > 0 && written === before;
    });
    socket.destroy();
    expect(written).toBeLessThan(20e6);
  });

  it('begin to arrive before they end', async () => {
    const port = await backend((_request, response) => {
      response.flushHeaders();
      setTimeout(() => response.write('first '), 20);
    });
    const { gateway } = await gatewayBefore(readyAt(port));
    const response = await send(gateway.url, {});
    const first = await new Promise((resolve) =>
      response.once('data', (chunk: Buffer) => {
        resolve(String(chunk));
      }),
    );
    expect(first).toBe('first ');
    response.destroy();
  });

  it('that a replica breaks off are broken off for the client too', async () => {
    const port = await backend((_request, response) => {
      response.writeHead(200, { 'Content-Length': 100 }).write('part');
      setTimeout(() => response.destroy(), 20);
    });
    const { gateway } = await gatewayBefore(readyAt(port), { holdBytes: 0 });
    const response = await send(gateway.url, {});
    await expect(text(response)).rejects.toThrow('aborted');
  });
});
