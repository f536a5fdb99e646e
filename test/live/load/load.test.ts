/** The load generator against servers of known behaviour: what it sends, when it counts from, and how it ends. */
import { describe, expect, it } from 'vitest';
import { stream } from '../../../core/random/stream.ts';
import { scenario } from '../../../core/scenario.ts';
import { workloadOf } from '../../../core/resolve.ts';
import { load } from '../../../live/load/load.ts';
import { loadReport } from '../../../live/load/report.ts';
import { simulate } from '../../../sim/run.ts';
import { backend, deadPort, gatewayBefore, labReplica, readyAt } from '../gateway/stage.ts';

const url = (port: number, path = '/home'): string => `http://127.0.0.1:${port}${path}`;

describe('a load', () => {
  it('sends the ids that the simulator draws, in the same order', async () => {
    const ids: (string | null)[] = [];
    const port = await backend((request, response) => {
      ids.push(new URL(request.url ?? '', 'http://x').searchParams.get('id'));
      response.end();
    });
    await load({ url: url(port), requests: 50, arrivals: 'closed(1,0)', seed: 9 });
    const { key } = workloadOf(scenario());
    const random = stream(9, 'keys');
    expect(ids).toEqual(Array.from({ length: 50 }, () => String(key(random))));
  });

  it('counts requests by replica, exactly as the simulator does, through a gateway', async () => {
    const ports = await Promise.all(['S1', 'S2', 'S3'].map((name) => backend(labReplica(name))));
    const s = scenario({ requests: 2000, seed: 5 });
    const { gateway } = await gatewayBefore(readyAt(...ports), {
      scenario: s,
      replicaHeader: '',
      tryTimeout: 0,
    });
    const result = await load({
      url: `${gateway.url}/home`,
      requests: 2000,
      seed: 5,
      arrivals: 'closed(8,0)',
    });
    expect(result.failed).toBe(0);
    const simulated = simulate(s).replicas.map(({ replica, requests }) => ({ replica, requests }));
    expect(result.replicas).toEqual(simulated);
  });

  it('measures from the intended start: a stall of one second is seen by all who would have come', async () => {
    let served = 0;
    let stalledUntil = 0;
    const port = await backend((_request, response) => {
      if (++served === 100) stalledUntil = performance.now() + 1000;
      setTimeout(() => response.end(), Math.max(0, stalledUntil - performance.now()));
    });
    const arrivals = 'constant(200)';
    const { responseMs, fromSendingMs, ok } = await load({
      url: url(port),
      arrivals,
      requests: 600,
      connections: 1,
    });
    expect(ok).toBe(600);
    // 200 of 600 requests were due during the stall, on one connection, so a third of them waited half a second.
    expect(responseMs.p90).toBeGreaterThan(400);
    // One client that waits for its answers before it sends again sees one slow answer among hundreds.
    const closed = await backend((_request, response) => {
      served++;
      setTimeout(() => response.end(), served === 700 ? 1000 : 0);
    });
    const omitted = await load({ url: url(closed), arrivals: 'closed(1,5)', requests: 150 });
    expect(omitted.responseMs.max).toBeGreaterThan(900);
    expect(omitted.responseMs.p90).toBeLessThan(100);
    expect(fromSendingMs.max).toBeGreaterThan(900);
  });

  it('keeps its rate, and lays a timeline without holes', async () => {
    const port = await backend(labReplica('S1'));
    const result = await load({ url: url(port), arrivals: 'constant(400)', durationMs: 1000, bucketMs: 100 });
    expect(result.sent).toBe(400);
    expect(result.timeline.length).toBeGreaterThanOrEqual(10);
    expect(result.timeline.reduce((sum, step) => sum + (step.replicas.S1 ?? 0), 0)).toBe(400);
    expect(result.lateMs.p50).toBeLessThan(50);
  });

  it('tells errors apart: refused, reset, timeout and status', async () => {
    const once = { requests: 3, arrivals: 'closed(1,0)' };
    const refused = await load({ url: url(deadPort()), ...once });
    expect(refused.errors).toEqual({ refused: 3 });
    const resetting = await backend((request) => request.socket.resetAndDestroy());
    expect((await load({ url: url(resetting), ...once })).errors).toEqual({ reset: 3 });
    const silent = await backend(() => undefined);
    expect((await load({ url: url(silent), ...once, timeoutMs: 50 })).errors).toEqual({ timeout: 3 });
    const failing = await backend((_request, response) => response.writeHead(500).end());
    const { errors, statuses } = await load({ url: url(failing), ...once });
    expect([errors, statuses]).toEqual([{ status: 3 }, { 500: 3 }]);
  });

  it('does not send without bound: what is too much is shed and said', async () => {
    const silent = await backend(() => undefined);
    const options = { arrivals: 'constant(1000)', requests: 200, mostUnderWay: 50, timeoutMs: 500 };
    const { errors, sent } = await load({ url: url(silent), ...options });
    expect([sent, errors]).toEqual([200, { shed: 150, timeout: 50 }]);
  });

  it('ends early on a signal with what was measured so far', async () => {
    let asked = 0;
    const port = await backend((request, response) => {
      if (++asked % 5 > 0) labReplica('S1')(request, response);
    });
    const interrupted = new AbortController();
    setTimeout(() => {
      interrupted.abort();
    }, 300);
    const arrivals = 'constant(200)';
    const result = await load({ url: url(port), arrivals, durationMs: 60_000, signal: interrupted.signal });
    expect(result.ok).toBeGreaterThan(30);
    expect(result.unfinished).toBeGreaterThan(5);
    expect(result.ok + result.unfinished).toBe(result.sent);
    expect(result.errors).toEqual({});
    expect(loadReport(result)).toMatch(/S1/);
  });

  it('refuses what is not legal with a sentence', async () => {
    await expect(load({ url: 'ftp://x' })).rejects.toThrow("The target 'ftp://x' is not an address");
    await expect(load({ url: 'http://x', arrivals: 'poison(3)' })).rejects.toThrow("the nearest is 'poisson");
  });
});
