/** Tries that are late: another replica is asked, and whichever answers first has answered. */
import { describe, expect, it } from 'vitest';
import { scenario } from '../../../core/scenario.ts';
import { load } from '../../../live/load/load.ts';
import { hung, slow } from './replicas.ts';
import { backend, deadPort, gatewayBefore, rawServer, readyAt } from './stage.ts';

const options = { scenario: scenario({ policy: 'round-robin' }), tryTimeout: '50ms', outlierFailures: 1000 };

describe('a request whose replica is late', () => {
  it('is not lost where the others are slow for a moment, and the last one hangs', async () => {
    const members = readyAt(await slow('S1', 150), await slow('S2', 150), await hung());
    const { gateway } = await gatewayBefore(members, { ...options, headMs: 2000 });
    for (let i = 0; i < 6; i++) {
      const response = await fetch(`${gateway.url}/home`);
      expect([response.status, await response.text()]).toEqual([200, expect.stringContaining('Hello')]);
    }
  });

  it('is counted at the replica that answered it', async () => {
    const { gateway } = await gatewayBefore(readyAt(await slow('S1', 100), await hung()), options);
    const response = await fetch(`${gateway.url}/home`);
    expect([response.status, response.headers.get('x-replica')]).toEqual([200, 'S1']);
    const metrics = await (await fetch(`${gateway.adminUrl}/metrics`)).text();
    expect(metrics).toMatch(/^evenly_requests_total\{replica="S1",code="200"\} 1$/m);
  });

  it('gets its answer where all others refuse connections', async () => {
    const { gateway } = await gatewayBefore(readyAt(await slow('S1', 200), deadPort()), options);
    const response = await fetch(`${gateway.url}/home`);
    expect([response.status, response.headers.get('x-replica')]).toEqual([200, 'S1']);
  });

  it.each([0, 300])('gets it where none is waited for longer than %i ms to join', async (waitMs) => {
    const members = readyAt(await slow('S1', 600), deadPort());
    const { gateway } = await gatewayBefore(members, { ...options, waitMs });
    const response = await fetch(`${gateway.url}/home`);
    expect([response.status, response.headers.get('x-replica')]).toEqual([200, 'S1']);
  });

  it('ends as soon as none is left that could answer', async () => {
    const breaks = await rawServer((socket) => setTimeout(() => socket.resume().destroy(), 200));
    const members = readyAt(breaks, deadPort());
    const { gateway } = await gatewayBefore(members, { ...options, retries: 1, waitMs: 5000 });
    const response = await fetch(`${gateway.url}/home`, { signal: AbortSignal.timeout(2000) });
    expect(response.status).toBe(502);
  });

  it('moves on as soon as it is known what the others take, though nothing was when it was sent', async () => {
    const members = readyAt(await hung(), ...(await Promise.all(['S2', 'S3'].map((name) => slow(name, 1)))));
    const { gateway } = await gatewayBefore(members, { ...options, tryTimeout: 'auto', headMs: 60_000 });
    const plan = { url: `${gateway.url}/home`, arrivals: 'constant(1000)', requests: 600, timeoutMs: 10_000 };
    const { errors, ok } = await load(plan);
    expect([errors, ok]).toEqual([{}, 600]); // those that wait for --head-ms are too late for their client
  });

  it('is the first of all: another is asked as well, unless it may not be sent twice', async () => {
    const members = readyAt(await hung(), await slow('S2', 1));
    const { gateway } = await gatewayBefore(members, { ...options, tryTimeout: 'auto', headMs: 1500 });
    const ask = (method: string): Promise<Response> => fetch(`${gateway.url}/home`, { method });
    const got = await ask('GET');
    expect([got.status, got.headers.get('x-replica')]).toEqual([200, 'S2']);
    const posted = await Promise.all([ask('POST'), ask('POST')]); // in turns, so that one of them is at the one that hangs
    expect(posted.map(({ status }) => status).sort()).toEqual([200, 504]);
    const metrics = await (await fetch(`${gateway.adminUrl}/metrics`)).text();
    expect(metrics).toMatch(/^evenly_hedges_total 1$/m);
  });

  it('is waited for as long as --head-ms, also where that replica answers all others meanwhile', async () => {
    const members = readyAt(
      await backend((request, response) => {
        if (request.url !== '/hang') response.end();
      }),
    );
    const { gateway } = await gatewayBefore(members, { ...options, headMs: 300 });
    const asking = new AbortController();
    const ask = async (method: string): Promise<number> =>
      (await fetch(`${gateway.url}/hang`, { method, signal: AbortSignal.timeout(3000) })).status;
    const answers = Promise.allSettled(['GET', 'POST'].map(ask));
    void answers.then(() => {
      asking.abort();
    });
    while (!asking.signal.aborted) await fetch(gateway.url);
    expect(await answers).toEqual([504, 504].map((value) => ({ status: 'fulfilled', value })));
  });

  it('goes to a third one where it hangs, and the one that was asked as well', async () => {
    const members = readyAt(await hung(), await hung(), await slow('S3', 1));
    const { gateway } = await gatewayBefore(members, { ...options, hedge: '20ms', headMs: 2000 });
    const response = await fetch(`${gateway.url}/home`, { signal: AbortSignal.timeout(1500) });
    expect([response.status, response.headers.get('x-replica')]).toEqual([200, 'S3']);
  });
});
