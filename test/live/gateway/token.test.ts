/** Listeners that others than this machine can reach: reading is free, changing needs the token. */
import { describe, expect, it } from 'vitest';
import { backend, gatewayBefore, labReplica, readyAt } from './stage.ts';

const token = 'a-token-of-the-test-0123456789';
const anywhere = { listen: '0.0.0.0:0', admin: '0.0.0.0:0' };

async function before(options: object) {
  const { gateway, supervisor } = await gatewayBefore(readyAt(await backend(labReplica('S1'))), {
    ...anywhere,
    ...options,
  });
  const here = (url: string): string => url.replace('0.0.0.0', '127.0.0.1');
  return { supervisor, url: here(gateway.url), adminUrl: here(gateway.adminUrl) };
}

const changes = ({ url, adminUrl }: { url: string; adminUrl: string }) =>
  [
    [`${url}/add`, 'POST', '{"n":1}'],
    [`${url}/rm`, 'DELETE', '{"n":1}'],
    [`${adminUrl}/balancer`, 'PUT', '{"policy":"random"}'],
  ] as const;

describe('a gateway that others can reach', () => {
  it('refuses every change without the token, and the supervisor hears of none', async () => {
    const all = await before({ token });
    for (const [target, method, body] of changes(all)) {
      for (const authorization of ['', 'Bearer wrong', `Basic ${token}`]) {
        const response = await fetch(target, { method, body, headers: { authorization } });
        expect([target, response.status]).toEqual([target, 401]);
        expect(response.headers.get('www-authenticate')).toBe('Bearer');
        expect(await response.text()).not.toContain(token);
      }
    }
    expect(all.supervisor.calls).toEqual([]);
  });

  it('takes changes with it, and lets anybody read', async () => {
    const all = await before({ token });
    for (const [target, method, body] of changes(all)) {
      const response = await fetch(target, { method, body, headers: { authorization: `Bearer ${token}` } });
      expect([target, response.status]).toEqual([target, 200]);
    }
    for (const path of ['/home', '/rep']) expect((await fetch(all.url + path)).status).toBe(200);
    for (const path of ['/metrics', '/healthz', '/readyz', '/balancer']) {
      expect((await fetch(all.adminUrl + path)).status).toBe(200);
    }
  });

  it('without a token takes none at all, unless it is declared open', async () => {
    for (const [open, status] of [
      [false, 401],
      [true, 200],
    ] as const) {
      // prettier-ignore
      for (const [target, method, body] of changes(await before({ open }))) {
        const response = await fetch(target, { method, body, headers: { authorization: 'Bearer undefined' } });
        expect([target, response.status]).toEqual([target, status]);
      }
    }
  });
});

describe('a gateway that is open to this machine', () => {
  it('takes no change from a web page of another host, which a browser here may have open', async () => {
    const replicas = readyAt(await backend(labReplica('S1')));
    const { gateway, supervisor } = await gatewayBefore(replicas);
    for (const [origin, status] of [
      ['https://example.org', 403],
      ['null', 403],
      ['http://localhost:8888', 200],
    ] as const) {
      for (const [target, method, body] of changes(gateway)) {
        const response = await fetch(target, { method, body, headers: { origin } });
        expect([target, origin, response.status]).toEqual([target, origin, status]);
      }
    }
    expect(supervisor.calls).toHaveLength(2);
    const headers = { origin: 'https://example.org' };
    for (const path of ['/home', '/rep'])
      expect((await fetch(gateway.url + path, { headers })).status).toBe(200);
    expect((await fetch(`${gateway.adminUrl}/restart`, { method: 'POST', headers })).status).toBe(403);
  });
});
