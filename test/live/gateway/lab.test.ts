/** The gateway's half of LAB 3, with the course's own words. */
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { scenario } from '../../../core/scenario.ts';
import { simulate } from '../../../sim/run.ts';
import { backend, gatewayBefore, labReplica, readyAt, until } from './stage.ts';

async function fleet(n: number): Promise<ReturnType<typeof readyAt>> {
  const ports = await Promise.all(Array.from({ length: n }, (_, i) => backend(labReplica(`S${i + 1}`))));
  return readyAt(...ports);
}

describe('the public port', () => {
  it('tells a client that waits for it to send its payload (RFC 9110 section 10.1.1)', async () => {
    const { gateway } = await gatewayBefore(await fleet(1));
    const fields = 'Host: lab\r\nContent-Type: application/json\r\nContent-Length: 2\r\n';
    const { hostname, port } = new URL(gateway.url);
    const client = connect({ host: hostname, port: Number(port) });
    let said = '';
    client.on('data', (bytes) => (said += bytes.toString('latin1')));
    client.write(`POST /add HTTP/1.1\r\n${fields}Expect: 100-continue\r\n\r\n`);
    await until(() => said === 'HTTP/1.1 100 Continue\r\n\r\n');
    client.write('{}');
    await until(() => said.includes('as told'));
    client.destroy();
  });

  it('lists the replicas at /rep (LAB 3.3)', async () => {
    const { gateway } = await gatewayBefore(await fleet(3));
    const response = await fetch(`${gateway.url}/rep`);
    expect(response.status).toBe(200);
    expect(await response.text()).toBe(
      '{"message":{"N":3,"replicas":["S1","S2","S3"]},"status":"successful"}',
    );
  });

  it('hands /add and /rm to the supervisor, and its answer back (LAB 3.4 to 3.7)', async () => {
    const { gateway, supervisor } = await gatewayBefore([]);
    const refusal = {
      message: '<Error> Length of hostname list is more than newly added instances',
      status: 'failure',
    };
    supervisor.answer = ({ path }) =>
      path === '/add' ? { status: 400, body: refusal } : { status: 200, body: 1 };
    const payload = '{"n":1,"hostnames":["a","b"]}';
    const headers = { 'Content-Type': 'application/json' };
    const added = await fetch(`${gateway.url}/add`, { method: 'POST', body: payload, headers });
    expect(added.status).toBe(400);
    expect(await added.json()).toEqual(refusal);
    const removed = await fetch(`${gateway.url}/rm`, { method: 'DELETE', body: payload, headers });
    expect(removed.status).toBe(200);
    const contentType = 'application/json';
    expect(supervisor.calls).toEqual([
      { method: 'POST', path: '/add', body: payload, contentType },
      { method: 'DELETE', path: '/rm', body: payload, contentType },
    ]);
  });

  it('refuses a payload that is too large, and a method that the endpoint does not take', async () => {
    const { gateway, supervisor } = await gatewayBefore([]);
    const large = await fetch(`${gateway.url}/add`, { method: 'POST', body: 'x'.repeat(70_000) });
    expect(large.status).toBe(400);
    expect(await large.json()).toEqual({
      message: '<Error> the payload is larger than 65536 bytes',
      status: 'failure',
    });
    const wrong = await fetch(`${gateway.url}/add`);
    expect(wrong.status).toBe(405);
    expect(wrong.headers.get('allow')).toBe('POST');
    expect(await wrong.json()).toEqual({ message: "<Error> '/add' takes POST, not GET", status: 'failure' });
    expect(supervisor.calls).toEqual([]);
  });

  it('gives the replica answer back (LAB 3.8) and says which paths there are not (LAB 3.9)', async () => {
    const { gateway } = await gatewayBefore(await fleet(1));
    const home = await fetch(`${gateway.url}/home`);
    expect(await home.json()).toEqual({ message: 'Hello from Server: S1', status: 'successful' });
    expect(home.headers.get('x-replica')).toBe('S1');
    for (const method of ['GET', 'POST', 'DELETE']) {
      const other = await fetch(`${gateway.url}/other?x=1`, { method });
      expect(other.status).toBe(400);
      expect(await other.text()).toBe(
        `{"message":"<Error> '/other' endpoint does not exist in server replicas","status":"failure"}`,
      );
    }
  });

  it('says so when there is no replica, and serves as soon as there is one', async () => {
    const { gateway, supervisor } = await gatewayBefore([]);
    const none = await fetch(`${gateway.url}/home`);
    expect(none.status).toBe(503);
    expect(await none.json()).toEqual({
      message: '<Error> No server replica is available',
      status: 'failure',
    });
    supervisor.members(await fleet(1));
    await until(async () => (await fetch(`${gateway.url}/home`)).status === 200);
  });

  it('keeps serving when the supervisor goes away, and hears of members when it is back', async () => {
    const members = await fleet(2);
    const { gateway, supervisor } = await gatewayBefore(members.slice(0, 1));
    supervisor.interrupt();
    supervisor.members(members);
    expect((await fetch(`${gateway.url}/home`)).status).toBe(200);
    await until(async () => {
      const ready = await fetch(`${gateway.adminUrl}/readyz`);
      return ((await ready.json()) as { present: number }).present === 2;
    });
  });
});

describe('with the ids of a simulated run', () => {
  it.each(['by-key', 'round-robin'])('%s gives every replica exactly the simulated count', async (policy) => {
    const s = scenario({ policy, requests: 600, seed: 7, service: 'constant(0.001)' });
    // No second try elsewhere: which replica was picked is what counts, however long a busy machine takes to answer.
    const { gateway } = await gatewayBefore(await fleet(3), { scenario: s, tryTimeout: 0 });
    const counts: Record<string, number> = {};
    for (let i = 0; i < s.requests; i++) {
      const name = (await fetch(`${gateway.url}/home`)).headers.get('x-replica') ?? '';
      counts[name] = (counts[name] ?? 0) + 1;
    }
    const simulated = simulate(s).replicas.map(({ replica, requests }) => [replica, requests]);
    expect(counts).toEqual(Object.fromEntries(simulated));
  });
});
