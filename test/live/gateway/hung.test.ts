/** Replicas that hang, and requests that may not be sent twice, or bring a body: how long they wait, and what they get. */
import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { scenario } from '../../../core/scenario.ts';
import { REPORT_EVERY_MS } from '../../../live/gateway/watch.ts';
import { hung } from './replicas.ts';
import { backend, gatewayBefore, rawServer, readyAt, text, until } from './stage.ts';

const roundRobin = { scenario: scenario({ policy: 'round-robin' }) };
const echo = (): Promise<number> =>
  backend((request, response) => {
    text(request).then(
      (body) => response.end(body),
      () => undefined,
    );
  });

describe('a POST at a replica that hangs', () => {
  it('gets 504 when the replica is given up, and is not sent again', async () => {
    let asked = 0;
    const members = readyAt(await hung(), await backend((_request, response) => {
      asked++;
      response.end();
    })); // prettier-ignore
    const { gateway, supervisor } = await gatewayBefore(members, roundRobin);
    const posts = [1, 2].map(() => fetch(gateway.url, { method: 'POST', body: 'once' }));
    await until(() => asked === 1);
    await sleep(50);
    supervisor.members(members.slice(1));
    const answers = await Promise.all(posts);
    const [, late] = answers.sort((a, b) => a.status - b.status);
    expect(answers.map(({ status }) => status)).toEqual([200, 504]);
    expect(await late.text()).toContain('<Error> The server replica was given up before it answered');
    expect(asked).toBe(1);
  });

  it('gets 504 after --head-ms where nobody gives the replica up', async () => {
    const { gateway } = await gatewayBefore(readyAt(await hung()), { ...roundRobin, headMs: 80 });
    const response = await fetch(gateway.url, { method: 'POST', body: 'once' });
    expect([response.status, await response.text()]).toEqual([
      504,
      '{"message":"<Error> The server replica did not answer in time","status":"failure"}',
    ]);
  });

  it('is one of three: the replica is ejected then, without a GET among them', async () => {
    let asked = 0;
    const silent = await backend((request) => {
      request.resume().on('end', () => asked++);
    });
    const others = await Promise.all([echo(), echo()]);
    const options = { ...roundRobin, ejectMs: 60_000, tryTimeout: '50ms' };
    const { gateway, supervisor } = await gatewayBefore(readyAt(silent, ...others), options);
    const leaving = new AbortController();
    const post = async (): Promise<number> =>
      (await fetch(gateway.url, { method: 'POST', body: 'x', signal: leaving.signal })).status;
    const suspicions = (): number => supervisor.calls.filter(({ body }) => body.includes('"S1"')).length;
    const hanging: Promise<unknown>[] = [];
    for (let times = 1; times <= 3; times++) {
      hanging.push(post().catch(() => 0));
      await until(() => asked === times && suspicions() === times);
      await sleep(REPORT_EVERY_MS); // or the next one would not be reported
      if (times < 3) expect([await post(), await post()]).toEqual([200, 200]);
    }
    for (let i = 0; i < 12; i++) expect(await post()).toBe(200);
    expect(asked).toBe(3);
    leaving.abort();
    await Promise.all(hanging);
  });
});

describe('a request that may be sent twice and brings a body', () => {
  it.each([
    [
      'resets before it answers',
      (socket: import('node:net').Socket) => socket.once('data', () => socket.resetAndDestroy()),
    ],
    ['never answers', (socket: import('node:net').Socket) => socket.resume()],
  ])('goes elsewhere with all of it when the replica %s', async (_what, deal) => {
    const members = readyAt(await rawServer(deal), await echo());
    const { gateway } = await gatewayBefore(members, { ...roundRobin, tryTimeout: '50ms', outlierFailures: 1000 }); // prettier-ignore
    const bodies = ['small', 'é'.repeat(5000), 'x'.repeat(60_000)];
    for (const body of [...bodies, ...bodies]) {
      const response = await fetch(gateway.url, { method: 'PUT', body });
      expect([response.status, await response.text()]).toEqual([200, body]);
    }
    const stream = new ReadableStream({
      async start(controller) {
        for (const part of ['a', 'b', 'c']) {
          controller.enqueue(new TextEncoder().encode(part));
          await sleep(30); // its end comes after the replica has gone
        }
        controller.close();
      },
    });
    const init = { method: 'PUT', body: stream, duplex: 'half' } as RequestInit;
    expect(await (await fetch(gateway.url, init)).text()).toBe('abc');
  });

  it('does not when the body is larger than --replay-bytes', async () => {
    const resets = await rawServer((socket) => socket.once('data', () => socket.resetAndDestroy()));
    const members = readyAt(resets, await echo());
    const { gateway } = await gatewayBefore(members, { ...roundRobin, replayBytes: 1000, outlierFailures: 1000 }); // prettier-ignore
    const put = async (size: number): Promise<number> =>
      (await fetch(gateway.url, { method: 'PUT', body: 'x'.repeat(size) })).status;
    expect([await put(1000), await put(1000)]).toEqual([200, 200]);
    expect([await put(1001), await put(1001)].sort()).toEqual([200, 502]);
  });
});

describe('a body too large to be kept', () => {
  const stalled = (): Promise<number> => rawServer((socket) => socket.pause());
  it.each([
    ['never answers', 'another is tried', hung, 100_000, { tryTimeout: '50ms' }],
    ['never answers', 'another is asked too', hung, 100_000, { tryTimeout: 'off', hedge: '50ms' }],
    ['stops reading', 'another is tried', stalled, 20_000_000, { tryTimeout: '50ms' }],
  ])('is not sent in part when its replica %s and %s', async (_what, _then, bad, bytes, options) => {
    const came: number[] = [];
    const sound = await backend((request, response) => {
      let size = 0;
      request
        .on('data', (chunk: Buffer) => (size += chunk.length))
        .on('end', () => {
          came.push(size);
          response.end();
        })
        .on('error', () => undefined);
    });
    const members = readyAt(await bad(), sound);
    const { gateway } = await gatewayBefore(members, { ...roundRobin, ...options, headMs: 500 });
    const put = async (): Promise<number> => {
      const body = new Blob([Buffer.alloc(bytes)]).stream(); // in chunks, so that a part of it looks whole
      const init = { method: 'PUT', body, duplex: 'half' } as RequestInit;
      return (await fetch(gateway.url, init)).status;
    };
    expect([await put(), await put()].sort()).toEqual([200, 504]);
    expect(came).toEqual([bytes]);
  });
});

describe('an upload that takes longer than --head-ms', () => {
  const upload = async (url: string, parts: number, everyMs: number): Promise<IncomingMessage> => {
    const sent = httpRequest(url, { method: 'POST' });
    const answer = once(sent, 'response');
    for (let i = 0; i < parts; i++) {
      sent.write('x');
      await sleep(everyMs);
    }
    sent.end();
    const [response] = (await answer) as [IncomingMessage];
    return response;
  };

  it('is waited for as long as it comes', async () => {
    const { gateway } = await gatewayBefore(readyAt(await echo()), { ...roundRobin, headMs: 150 });
    const response = await upload(gateway.url, 6, 70);
    expect([response.statusCode, await text(response)]).toEqual([200, 'xxxxxx']);
  });

  it('is given up where the replica does not take it', async () => {
    const port = await rawServer((socket) => socket.pause());
    const { gateway } = await gatewayBefore(readyAt(port), { ...roundRobin, headMs: 150 });
    const began = performance.now();
    const response = await fetch(gateway.url, { method: 'POST', body: Buffer.alloc(30e6) });
    expect(response.status).toBe(504);
    expect(performance.now() - began).toBeLessThan(5000);
  });
});
