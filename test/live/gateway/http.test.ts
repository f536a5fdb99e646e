/** HTTP through the gateway: whatever goes in on one side comes out on the other, and nothing stays in between. */
import { request as httpRequest } from 'node:http';
import type { IncomingMessage, RequestOptions } from 'node:http';
import { describe, expect, it } from 'vitest';
import { backend, gatewayBefore, readyAt, send, text, until } from './stage.ts';

describe('header fields', () => {
  it('of this hop stay behind, on the way in and on the way out', async () => {
    let seen: string[] = [];
    const port = await backend((request, response) => {
      seen = request.rawHeaders;
      response.writeHead(200, [
        'X-Back',
        '1',
        'Proxy-Authenticate',
        'x',
        'X-Hop',
        '2',
        'Connection',
        'x-hop',
      ]);
      response.end('ok');
    });
    const { gateway } = await gatewayBefore(readyAt(port));
    const headers = {
      Connection: 'close, X-Secret',
      'X-Secret': 'of this hop',
      TE: 'trailers',
      'Keep-Alive': 'timeout=5',
      'Proxy-Connection': 'keep-alive',
      Upgrade: 'h2c',
      'X-Kept': 'yes',
    };
    const response = await send(`${gateway.url}/any?a=1`, { method: 'POST', headers }, 'body');
    await text(response);
    const names = seen.filter((_, i) => i % 2 === 0).map((name) => name.toLowerCase());
    for (const gone of ['x-secret', 'te', 'keep-alive', 'proxy-connection', 'upgrade']) {
      expect(names).not.toContain(gone);
    }
    expect(seen).toContain('X-Kept');
    expect(response.headers['x-back']).toBe('1');
    expect(response.headers['proxy-authenticate']).toBeUndefined();
    expect(response.headers['x-hop']).toBeUndefined();
  });

  it('tell the replica who forwards for whom', async () => {
    let seen: IncomingMessage['headers'] = {};
    const port = await backend((request, response) => {
      seen = request.headers;
      response.end();
    });
    const { gateway } = await gatewayBefore(readyAt(port));
    const headers = {
      'X-Forwarded-For': '192.0.2.1',
      Via: '1.0 fred',
      'X-Forwarded-Proto': 'https',
      Host: 'lab',
    };
    await send(gateway.url, { headers });
    expect(seen).toMatchObject({
      host: 'lab',
      'x-forwarded-for': '192.0.2.1, 127.0.0.1',
      'x-forwarded-proto': 'http',
      'x-forwarded-host': 'lab',
      via: '1.0 fred, 1.1 evenly',
    });
  });

  it('of a trace go through untouched, and again with a further try', async () => {
    const traced = {
      traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
      tracestate: 'rojo=00f067aa0ba902b7,congo=t61rcWkgMzE',
      baggage: 'userId=Am%C3%A9lie,serverNode=DF%2028,isProduction=false',
    };
    const seen: unknown[] = [];
    let asked = 0;
    const port = await backend((request, response) => {
      const { traceparent, tracestate, baggage } = request.headers;
      seen.push({ traceparent, tracestate, baggage });
      response.writeHead(asked++ === 0 ? 503 : 200, { traceresponse: traced.traceparent }).end();
    });
    const { gateway } = await gatewayBefore(readyAt(port, port));
    const response = await fetch(gateway.url, { headers: traced });
    expect([response.status, response.headers.get('traceresponse')]).toEqual([200, traced.traceparent]);
    expect(seen).toEqual([traced, traced]);
  });

  it('keep their order, their letters and their repetitions', async () => {
    let seen: string[] = [];
    const port = await backend((request, response) => {
      seen = request.rawHeaders;
      response.writeHead(200, 'Fine', ['Set-Cookie', 'a=1', 'Set-Cookie', 'b=2', 'X-MiXed', 'é']);
      response.end();
    });
    const { gateway } = await gatewayBefore(readyAt(port));
    const response = await send(gateway.url, { headers: { 'X-Two': ['1', '2'], 'x-CASE': 'C' } });
    expect(seen.join(' ')).toContain('X-Two 1 X-Two 2 x-CASE C');
    expect(response.statusMessage).toBe('Fine');
    expect(response.headers['set-cookie']).toEqual(['a=1', 'b=2']);
    expect(response.rawHeaders).toEqual(expect.arrayContaining(['X-MiXed', 'é']));
  });
});

describe('a client that goes away', () => {
  it.each(['before the answer', 'within the answer'])('%s frees the replica', async (when) => {
    let closed = false;
    let reached = false;
    const port = await backend((_request, response) => {
      reached = true;
      if (when === 'within the answer') response.write('part');
      response.on('close', () => (closed = true));
    });
    const { gateway } = await gatewayBefore(readyAt(port));
    const request = httpRequest(gateway.url).on('error', () => undefined);
    request.end();
    await until(() => reached);
    request.destroy();
    await until(() => closed);
    await until(async () => {
      const metrics = await (await fetch(`${gateway.adminUrl}/metrics`)).text();
      return metrics.includes('evenly_requests_total{replica="S1",code="499"} 1');
    });
  });
});

describe('a request target', () => {
  it('in absolute form is served as the path in it; one that is no target is refused', async () => {
    const port = await backend((request, response) => response.end(request.url));
    const { gateway } = await gatewayBefore(readyAt(port));
    const raw = async (options: RequestOptions): Promise<string> => text(await send(gateway.url, options));
    expect(await raw({ path: 'http://lab/a?b=1' })).toBe('/a?b=1');
    expect(await raw({ path: '*', method: 'OPTIONS' })).toBe('*');
    expect(await raw({ path: '*' })).toContain('<Error> The request target is not valid');
  });
});
