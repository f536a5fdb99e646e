/** What happens when a replica is not what the supervisor thinks it is: elsewhere, if that is safe, and it is told. */
import { describe, expect, it } from 'vitest';
import { scenario } from '../../../core/scenario.ts';
import { backend, deadPort, gatewayBefore, labReplica, rawServer, readyAt, until } from './stage.ts';

const policies = ['by-key', 'round-robin', 'least-request', 'power-of-d', 'random'];

describe.each(policies)('with %s, when a replica refuses connections', (policy) => {
  it('no request fails; it is reported, ejected, and tried again after a while', async () => {
    const [dead, alive] = [deadPort(), await backend(labReplica('S2'))];
    const members = readyAt(dead, alive);
    const { gateway, supervisor } = await gatewayBefore(members, {
      scenario: scenario({ policy }),
      ejectMs: 1000,
    });
    for (let i = 0; i < 30; i++) {
      const response = await fetch(`${gateway.url}/home`, i % 2 ? { method: 'POST', body: 'sent once' } : {});
      expect(response.status).toBe(200);
    }
    await until(() => supervisor.calls.length > 0);
    const told = new Set(supervisor.calls.map(({ method, path, body }) => `${method} ${path} ${body}`));
    expect([...told]).toEqual(['POST /suspect {"name":"S1","reason":"ECONNREFUSED"}']);
    const ready = async (): Promise<unknown> => (await fetch(`${gateway.adminUrl}/readyz`)).json();
    expect(await ready()).toMatchObject({ present: 1, wanted: 2 });
    await until(async () => JSON.stringify(await ready()).includes('"present":2'));
  });
});

describe('when most replicas seem to fail', () => {
  it('half of them stay in, and requests still find the one that works', async () => {
    const [first, second, third] = [deadPort(), deadPort(), deadPort()];
    const members = readyAt(first, second, third, await backend(labReplica('S4')));
    const options = { scenario: scenario({ policy: 'round-robin' }), retries: 3 };
    const { gateway } = await gatewayBefore(members, options);
    for (let i = 0; i < 12; i++) expect((await fetch(`${gateway.url}/home`)).status).toBe(200);
    const ready: unknown = await (await fetch(`${gateway.adminUrl}/readyz`)).json();
    expect(ready).toMatchObject({ present: 2, wanted: 4 });
  });
});

describe('when a replica resets before the first byte', () => {
  const resetting = (): Promise<number> =>
    rawServer((socket) => socket.once('data', () => socket.resetAndDestroy()));
  const roundRobin = { scenario: scenario({ policy: 'round-robin' }) };

  it('a GET goes elsewhere; a POST, which may have been done, does not', async () => {
    const members = readyAt(await resetting(), await backend(labReplica('S2')));
    const { gateway } = await gatewayBefore(members, { ...roundRobin, outlierFailures: 1000 });
    for (let i = 0; i < 6; i++) expect((await fetch(`${gateway.url}/home`)).status).toBe(200);
    const posts = [1, 2].map(() => fetch(`${gateway.url}/home`, { method: 'POST', body: 'once' }));
    const statuses = (await Promise.all(posts)).map(({ status }) => status);
    expect(statuses.sort()).toEqual([200, 502]);
  });

  it('tries are bounded', async () => {
    const ports = await Promise.all([resetting(), resetting(), resetting(), resetting()]);
    const { gateway } = await gatewayBefore(readyAt(...ports), { ...roundRobin, retries: 2 });
    const response = await fetch(`${gateway.url}/home`);
    expect(response.status).toBe(502);
    expect(await response.text()).toContain('"message":"<Error> The server replica could not be reached');
    const metrics = await (await fetch(`${gateway.adminUrl}/metrics`)).text();
    expect(metrics).toMatch(/^evenly_retries_total\{reason="\w+"\} 2$/m);
  });
});

describe('when a replica accepts and never answers', () => {
  it('the head timeout ends the wait, and an idempotent request goes elsewhere', async () => {
    const members = readyAt(await rawServer(() => undefined), await backend(labReplica('S2')));
    const options = { scenario: scenario({ policy: 'round-robin' }), headMs: 100 };
    const { gateway } = await gatewayBefore(members, options);
    for (let i = 0; i < 4; i++) expect((await fetch(`${gateway.url}/home`)).status).toBe(200);
    const only = await gatewayBefore(members.slice(0, 1), options);
    const late = await fetch(`${only.gateway.url}/home`);
    expect(late.status).toBe(504);
  });

  it('requests that wait for it move on as soon as the supervisor drops it', async () => {
    const members = readyAt(await rawServer(() => undefined), await backend(labReplica('S2')));
    const { gateway, supervisor } = await gatewayBefore(members, {
      scenario: scenario({ policy: 'round-robin' }),
    });
    const answers = [1, 2, 3, 4].map(() => fetch(`${gateway.url}/home`));
    await new Promise((resolve) => setTimeout(resolve, 100));
    supervisor.members(members.slice(1));
    for (const answer of answers) expect((await answer).status).toBe(200);
  });
});

describe('a replica that drains', () => {
  it('finishes what it has and gets nothing new', async () => {
    let finish = (): void => undefined;
    let asked = 0;
    const slow = await backend((_request, response) => {
      asked++;
      finish = () => void response.end('late');
    });
    const members = readyAt(slow, await backend(labReplica('S2')));
    const { gateway, supervisor } = await gatewayBefore(members, {
      scenario: scenario({ policy: 'round-robin' }),
    });
    const first = fetch(`${gateway.url}/home`);
    await until(() => asked === 1);
    supervisor.members([{ ...members[0], state: 'draining' }, members[1]]);
    await until(async () =>
      (await (await fetch(`${gateway.adminUrl}/readyz`)).text()).includes('"present":1'),
    );
    for (let i = 0; i < 4; i++) expect((await fetch(`${gateway.url}/home`)).status).toBe(200);
    expect(asked).toBe(1);
    finish();
    expect(await (await first).text()).toBe('late');
  });
});
