/** Answers that are kept back: a status that is none, or half of one, while a replica that is late may do better. */
import type { ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import { scenario } from '../../../core/scenario.ts';
import { hung, slow } from './replicas.ts';
import { backend, gatewayBefore, labReplica, rawServer, readyAt } from './stage.ts';

const options = { scenario: scenario({ policy: 'round-robin' }), tryTimeout: '50ms', outlierFailures: 1000 };
const answers = (answer: (response: ServerResponse) => void): Promise<number> =>
  backend((_request, response) => {
    answer(response);
  });
const begins = (response: ServerResponse): void => {
  response.writeHead(200, { 'Content-Length': 1000 }).write('half of it');
};
/** Half of an answer that breaks off after so many ms. */
const half = (ms: number): Promise<number> =>
  answers((response) => {
    begins(response);
    setTimeout(() => response.socket?.resetAndDestroy(), ms);
  });

/** The status and the replica that two requests get, each of which comes to all replicas in turn, the first one first. */
async function asked(ports: readonly number[], given: object = {}): Promise<unknown[]> {
  const { gateway } = await gatewayBefore(readyAt(...ports), { ...options, ...given });
  const one = async (): Promise<unknown> => {
    const { headers, status } = await fetch(`${gateway.url}/home`, { signal: AbortSignal.timeout(5000) });
    return [status, headers.get('x-replica')];
  };
  return [await one(), await one()];
}

describe('a status that is none', () => {
  const failing = (): Promise<number> => answers((response) => response.writeHead(500).end('sorry'));

  it('is kept back while a replica that is late may answer', async () => {
    const got = await asked([await slow('S1', 200), await failing()]);
    expect(got).toEqual(Array(2).fill([200, 'S1']));
  });

  it('is kept back where a second one comes, and the third replica answers', async () => {
    const late = answers((response) => setTimeout(() => response.writeHead(503).end('full'), 120));
    const got = await asked([await slow('S1', 300), await late, await failing()]);
    expect(got).toEqual(Array(2).fill([200, 'S1']));
  });

  it.each([
    ['with a length', { 'Content-Length': 200_000 }],
    ['in chunks', {}],
  ])('is passed on after --head-ms, whole, %s', async (_what, headers) => {
    const body = Buffer.alloc(200_000, 'sorry ').toString();
    const broken = await answers((response) => {
      response.writeHead(500, headers).write(body.slice(0, 10));
      setTimeout(() => response.end(body.slice(10)), 20);
    });
    const { gateway } = await gatewayBefore(readyAt(await hung(), broken), { ...options, headMs: 300 });
    for (let i = 0; i < 2; i++) {
      const response = await fetch(`${gateway.url}/home`, { signal: AbortSignal.timeout(5000) });
      expect(response.status).toBe(500);
      expect((await response.text()) === body).toBe(true);
    }
  });

  it('is passed on as soon as the one that is late breaks', async () => {
    const breaks = await rawServer((socket) => setTimeout(() => socket.resume().destroy(), 200));
    const got = await asked([breaks, await failing()], { headMs: 60_000 });
    expect(got).toEqual(Array(2).fill([500, 'S2']));
  });

  it('that breaks off itself does not end the wait', async () => {
    const broken = await answers((response) => {
      response.writeHead(500, { 'Content-Length': 1000 }).write('so');
      setTimeout(() => response.socket?.resetAndDestroy(), 30);
    });
    const got = await asked([await slow('S1', 300), broken]);
    expect(got).toEqual(Array(2).fill([200, 'S1']));
  });
});

describe('an answer that is held until it is whole', () => {
  it('has not ended the tries that are late, should it break', async () => {
    const got = await asked([await slow('S1', 300), await half(30)]);
    expect(got).toEqual(Array(2).fill([200, 'S1']));
  });

  it('gives way to one that has begun later and is there whole', async () => {
    const got = await asked([await slow('S1', 200), await answers(begins)]);
    expect(got).toEqual(Array(2).fill([200, 'S1']));
  });

  it('gives way to a third where another that had begun breaks too', async () => {
    const late = await answers((response) => {
      setTimeout(() => {
        begins(response);
        setTimeout(() => response.socket?.resetAndDestroy(), 250);
      }, 150);
    });
    const got = await asked([late, await half(250), await backend(labReplica('S3'))]);
    expect(got).toEqual(Array(2).fill([200, 'S3']));
  });

  it('gives way to one that had begun when it broke', async () => {
    const late = await answers((response) => {
      setTimeout(() => {
        response.writeHead(200, { 'Content-Length': 5 }).write('fi');
        setTimeout(() => response.end('rst'), 400);
      }, 150);
    });
    const got = await asked([late, await half(250)]);
    expect(got).toEqual(Array(2).fill([200, 'S1']));
  });
});
