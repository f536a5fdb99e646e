/** The admin listener: metrics that parse, health, and knobs that are turned while requests run. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { scenario } from '../../../core/scenario.ts';
import { load } from '../../../live/load/load.ts';
import { replay } from '../../../live/replay/replay.ts';
import { backend, gatewayBefore, labReplica, raw, readyAt } from './stage.ts';
import { temporary } from '../../temporary.ts';

async function before(options: Parameters<typeof gatewayBefore>[1] = {}, n = 3) {
  const ports = await Promise.all(Array.from({ length: n }, (_, i) => backend(labReplica(`S${i + 1}`))));
  return await gatewayBefore(readyAt(...ports), options);
}

const put = (adminUrl: string, body: string): Promise<Response> =>
  fetch(`${adminUrl}/balancer`, { method: 'PUT', body });

/** Sees a change refused for that reason, and nothing changed; gives the gateway that was asked. */
async function refuses(body: string, reason: string) {
  const { gateway } = await before();
  const was = await (await fetch(`${gateway.adminUrl}/balancer`)).text();
  const response = await put(gateway.adminUrl, body);
  expect(response.status).toBe(400);
  expect(((await response.json()) as { error: string }).error).toContain(reason);
  expect(await (await fetch(`${gateway.adminUrl}/balancer`)).text()).toBe(was);
  return gateway;
}

describe('PUT /balancer', () => {
  it('swaps hash and policy under load without a failed request, and the recording replays', async () => {
    const record = join(temporary(), 'events.ndjson');
    const { gateway } = await before({ record, tryTimeout: 'off' }); // the counts are exact
    const running = load({ url: `${gateway.url}/home`, arrivals: 'constant(300)', durationMs: 1500 });
    const swaps = [
      { requestHash: 'md5', serverHash: 'sha256', slots: 1024, vnodes: 100 },
      { policy: 'least-request' },
      { policy: 'power-of-d(3)', seed: 7 },
      { policy: 'by-key', placement: 'slot-ring' },
    ];
    for (const swap of swaps) {
      await new Promise((resolve) => setTimeout(resolve, 250));
      const response = await put(gateway.adminUrl, JSON.stringify(swap));
      expect(response.status).toBe(200);
      expect(await response.json()).toMatchObject(swap);
    }
    const { failed, ok, sent } = await running;
    expect([failed, ok]).toEqual([0, sent]);
    await gateway.close();
    const { mismatch, counts } = await replay(record);
    expect(mismatch).toBeNull();
    expect(counts).toMatchObject({ p: sent, s: sent, f: sent, j: 15, b: 4 });
  });

  it.each([
    ['{"requestHash":"md6"}', "the nearest is 'md5'"],
    ['{"hash":"md5"}', "There is no knob 'hash'"],
    ['{"replicas":9}', "There is no knob 'replicas'"],
    ['{"vnodes":400}', '3 replicas with 400 virtual servers each need 1200 slots'],
    ['[1]', 'must be a JSON object'],
    ['', 'must be a JSON object'],
    ['{}', 'Name what to change'],
  ])('refuses %s and changes nothing', async (body, reason) => {
    const gateway = await refuses(body, reason);
    expect((await fetch(`${gateway.url}/home`)).status).toBe(200);
  });
});

describe('GET /metrics', () => {
  it('is Prometheus text with the names people expect', async () => {
    const { gateway } = await before({ scenario: scenario({ policy: 'round-robin' }) });
    for (let i = 0; i < 6; i++) await fetch(`${gateway.url}/home`);
    await fetch(`${gateway.url}/other`);
    const response = await fetch(`${gateway.adminUrl}/metrics`);
    expect(response.headers.get('content-type')).toContain('text/plain; version=0.0.4');
    const text = await response.text();
    for (const line of text.split('\n').filter((full) => full !== '')) {
      expect(line).toMatch(
        /^(?:# (?:HELP|TYPE) \w+ .+|\w+(?:\{\w+="[^"]*"(?:,\w+="[^"]*")*\})? (?:[-+\d.e]+|NaN|\+Inf))$/,
      );
    }
    expect(text).toContain('evenly_requests_total{replica="S2",code="200"} 2');
    expect(text).toContain('evenly_requests_total{replica="S1",code="400"} 1');
    expect(text).toMatch(/^evenly_request_duration_seconds_bucket\{le="0.25",replica="S3"\} 2$/m);
    for (const line of ['in_flight 0', 'replicas_wanted 3', 'replicas_present 3', 'restarts_total 0']) {
      expect(text).toContain(`\nevenly_${line}\n`);
    }
  });

  it('follows the rules that promtool checks: help, base units, and names that say what a metric is', async () => {
    const { gateway } = await before();
    await fetch(`${gateway.url}/home`);
    const text = await (await fetch(`${gateway.adminUrl}/metrics`)).text();
    const types = new Map([...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name, type]) => [name, type]));
    expect(types.size).toBeGreaterThan(20);
    for (const [name, type] of types) {
      expect(text).toMatch(new RegExp(`^# HELP ${name} \\S`, 'm'));
      expect([name, name.endsWith('_total')]).toEqual([name, type === 'counter']);
      expect(name).not.toMatch(/_(?:count|sum|bucket|info_total)$|[A-Z:]|_(?:ms|milliseconds|minutes|kb|mb|percent)(?:_|$)|_(?:counter|gauge|histogram)(?:_|$)/); // prettier-ignore
    }
    const samples = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    for (const line of samples) {
      const [name] = line.split(/[{ ]/, 1);
      expect([line, types.has(name) || types.has(name.replace(/_(?:bucket|sum|count)$/, ''))]).toEqual([line, true]); // prettier-ignore
    }
    expect(new Set(samples.map((line) => line.slice(0, line.lastIndexOf(' ')))).size).toBe(samples.length);
  });

  it('counts a replacement, but not a replica that was taken out', async () => {
    const [s1, s2, s3] = readyAt(1, 2, 3);
    const { gateway, supervisor } = await gatewayBefore([s1, s2, s3]);
    const shows = async (line: string): Promise<void> => {
      await expect
        .poll(async () => (await fetch(`${gateway.adminUrl}/metrics`)).text())
        .toContain(`\n${line}\n`);
    };
    supervisor.members([s1, s3]);
    supervisor.members([s1, s3, { ...s2, handle: 3, name: 'S4' }]);
    await shows('evenly_restarts_total 1');
    supervisor.members([s1, { ...s3, state: 'draining' }]);
    supervisor.members([s1]);
    supervisor.members([s1, { ...s3, handle: 4, name: 'S5' }]);
    await shows('evenly_replicas_present 2');
    await shows('evenly_restarts_total 1');
  });
});

describe('the rest of the admin listener', () => {
  it('tells health, readiness, the ring and why a key is where it is', async () => {
    const { gateway } = await before();
    const get = async (path: string) => {
      const response = await fetch(gateway.adminUrl + path);
      return { status: response.status, body: (await response.json()) as Record<string, unknown> };
    };
    expect((await get('/healthz')).status).toBe(200);
    const ready = { present: 3, wanted: 3, supervisor: 'connected' };
    expect(await get('/readyz')).toMatchObject({ status: 200, body: ready });
    const { body: ring } = await get('/ring');
    expect((ring.occupants as number[]).filter((handle) => handle >= 0)).toHaveLength(27);
    const { body: explained } = await get('/explain?key=132574');
    const served = (await fetch(`${gateway.url}/home?id=132574`)).headers.get('x-replica');
    expect(explained).toMatchObject({ key: 132_574, owner: served });
    expect((await get('/explain')).status).toBe(400);
    expect((await get('/nothing')).status).toBe(404);
    const none = await gatewayBefore([]);
    expect((await fetch(`${none.gateway.adminUrl}/readyz`)).status).toBe(503);
  });
});

describe('a target that is no address', () => {
  it.each(['//', '//[', '///x', 'http://[', 'http://a:99999/', 'http:///', '*', '/%'])(
    '%s is no endpoint, and ends nothing',
    async (target) => {
      const { gateway } = await before();
      const said = await raw(gateway.adminUrl, `GET ${target} HTTP/1.1\r\nHost: lab\r\n\r\n`, 60, 1);
      expect(said).toMatch(/^HTTP\/1\.1 404 /);
      expect((await fetch(`${gateway.adminUrl}/healthz`)).status).toBe(200);
    },
  );
});

describe('PUT /balancer also turns failover and weights', () => {
  it('and shows what is in force; requests go on', async () => {
    const { gateway } = await before({ scenario: scenario({ policy: 'round-robin' }) });
    const changes = { retries: 1, tryTimeout: '50ms', hedge: 'p95', retryOn: '503', weights: { S1: 4 } };
    const response = await put(gateway.adminUrl, JSON.stringify(changes));
    expect(response.status).toBe(200);
    const shown = { retries: 1, tryTimeout: 50, hedge: { quantile: 0.95 }, retryOn: [503], weights: { S1: 4, S2: 1, S3: 1 } }; // prettier-ignore
    expect(await response.json()).toMatchObject(shown);
    for (let i = 0; i < 12; i++) expect((await fetch(`${gateway.url}/home`)).status).toBe(200);
    const text = await (await fetch(`${gateway.adminUrl}/metrics`)).text();
    expect(text).toContain('evenly_requests_total{replica="S1",code="200"} 8');
  });

  it.each([
    ['{"retries":99,"policy":"random"}', 'retries'],
    [
      '{"hedge":"soon"}',
      "hedge is 'soon', but must be off, a time such as 50ms, or a percentile such as p95.",
    ],
    ['{"retryOn":"200"}', "retryOn has '200', but must be statuses from 400 to 599"],
    ['{"weights":{"S9":2}}', "There is no replica 'S9'"],
    ['{"weights":{"S1":-1}}', 'S1 must be a weight above 0 and up to 1000.'],
    ['{"weights":{"S1":"4"}}', 'S1 must be a weight above 0 and up to 1000.'],
    ['{"weights":7}', 'weights'],
    ['{"weights":{"__proto__":2}}', "There is no replica '__proto__'"],
    ['{"weights":{"constructor":2}}', "There is no replica 'constructor'"],
    ['{"weights":null}', 'weights'],
    ['{"__proto__":{"seed":1}}', "There is no knob '__proto__'"],
    ['{"seed":1e400}', 'seed'],
    ['{"seed":null}', 'seed must be a name or a number.'],
    [`{"seed":${'['.repeat(20_000)}${']'.repeat(20_000)}}`, 'seed must be a name or a number.'],
    ['{"policy":"/etc/passwd"}', "There is no policy '/etc/passwd'"],
  ])('%s is refused and changes nothing', async (body, reason) => {
    await refuses(body, reason);
  });
});
