/** Replicas that fail in every way, under a little load: what is tried again, what is not, who is ejected, what is refused. */
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { scenario } from '../../../core/scenario.ts';
import { load } from '../../../live/load/load.ts';
import { backend, deadPort, gatewayBefore, labReplica, readyAt, until } from './stage.ts';

const roundRobin = { scenario: scenario({ policy: 'round-robin' }) };

/** A replica whose fault can be turned on. */
async function faulty(name: string, fault: (response: import('node:http').ServerResponse) => void) {
  const state = { failing: false, asked: 0 };
  const port = await backend((request, response) => {
    state.asked++;
    if (state.failing) fault(response);
    else labReplica(name)(request, response);
  });
  return { port, state };
}

async function metric(adminUrl: string, line: RegExp): Promise<number> {
  const text = await (await fetch(`${adminUrl}/metrics`)).text();
  return Number(line.exec(text)?.[1] ?? 0);
}

describe('one of three replicas', () => {
  const faults: [what: string, fault: Parameters<typeof faulty>[1]][] = [
    ['answers 500', (response) => response.writeHead(500).end()],
    ['never answers', () => undefined],
    ['resets before its answer', (response) => response.socket?.resetAndDestroy()],
    [
      'resets half-way through its answer',
      (response) => {
        response.writeHead(200, { 'Content-Length': 1000 }).write('half of it');
        setTimeout(() => response.socket?.resetAndDestroy(), 5);
      },
    ],
    ['turns slow', (response) => setTimeout(() => response.end('late'), 1000)],
  ];

  it.each(faults)('%s: no request is lost, and it is ejected', async (_, fault) => {
    const { port, state } = await faulty('S1', fault);
    const others = await Promise.all(['S2', 'S3'].map((name) => backend(labReplica(name))));
    const { gateway } = await gatewayBefore(readyAt(port, ...others), { ...roundRobin, ejectMs: 60_000 });
    const url = `${gateway.url}/home`;
    await load({ url, arrivals: 'closed(8,0)', requests: 600 }); // until it is known what they take
    state.failing = true;
    const { failed, errors, ok } = await load({ url, arrivals: 'constant(300)', requests: 200 });
    expect([failed, errors, ok]).toEqual([0, {}, 200]);
    expect(await metric(gateway.adminUrl, /^evenly_replicas_ejected (\d+)$/m)).toBe(1);
    const asked = state.asked;
    await fetch(url);
    expect(state.asked).toBe(asked);
  });

  it('is back after its ejection, when it answers again', async () => {
    const { port, state } = await faulty('S1', (response) => response.writeHead(500).end());
    const others = await Promise.all(['S2', 'S3'].map((name) => backend(labReplica(name))));
    const { gateway } = await gatewayBefore(readyAt(port, ...others), { ...roundRobin, ejectMs: 100 });
    const ejected = (): Promise<number> => metric(gateway.adminUrl, /^evenly_replicas_ejected (\d+)$/m);
    state.failing = true;
    await until(async () => {
      expect((await fetch(`${gateway.url}/home`)).status).toBe(200);
      return (await ejected()) === 1;
    });
    state.failing = false;
    await until(async () => (await ejected()) === 0);
    for (let i = 0; i < 9; i++) expect((await fetch(`${gateway.url}/home`)).status).toBe(200);
    const served = await metric(
      gateway.adminUrl,
      /^evenly_requests_total\{replica="S1",code="200"\} (\d+)$/m,
    );
    expect(served).toBeGreaterThanOrEqual(2);
  });
});

describe('a replica that fails while another one that failed before is out', () => {
  it('is ejected in its place: no request is lost', async () => {
    const [first, second] = await Promise.all(
      ['S1', 'S2'].map((name) => faulty(name, (response) => response.writeHead(500).end())),
    );
    const members = readyAt(first.port, second.port, await backend(labReplica('S3')));
    const { gateway } = await gatewayBefore(members, { ...roundRobin, ejectMs: 200 });
    const plan = { url: `${gateway.url}/home`, arrivals: 'constant(300)' };
    first.state.failing = true;
    await load({ ...plan, durationMs: 1700 }); // it is out for 200, 400, 800 and then 1,600 ms
    first.state.failing = false;
    second.state.failing = true;
    const { errors, ok, sent } = await load({ ...plan, durationMs: 1200 });
    expect([errors, ok]).toEqual([{}, sent]);
    const ejections = /^evenly_ejections_total\{replica="S2",reason="500"\} (\d+)$/m;
    expect(await metric(gateway.adminUrl, ejections)).toBeGreaterThanOrEqual(1);
    expect(await metric(gateway.adminUrl, /^evenly_replicas_ejected (\d+)$/m)).toBe(1);
  });
});

describe('a status that all replicas answer with', () => {
  it('is passed on in the end, within the budget, and ejects nobody', async () => {
    const broken = (): Promise<number> =>
      backend((_request, response) => response.writeHead(500).end('sorry'));
    const members = readyAt(await broken(), await broken(), await broken());
    const { gateway } = await gatewayBefore(members, roundRobin);
    for (let i = 0; i < 20; i++) {
      const response = await fetch(`${gateway.url}/home`);
      expect([response.status, await response.text()]).toEqual([500, 'sorry']);
    }
    expect(await metric(gateway.adminUrl, /^evenly_replicas_ejected (\d+)$/m)).toBe(0);
  });

  it('to a POST is passed on at once', async () => {
    const { port, state } = await faulty('S1', (response) => response.writeHead(503).end('full'));
    state.failing = true;
    const { gateway } = await gatewayBefore(readyAt(port, await backend(labReplica('S2'))), roundRobin);
    const posts = await Promise.all([1, 2].map(() => fetch(`${gateway.url}/home`, { method: 'POST' })));
    expect(posts.map(({ status }) => status).sort()).toEqual([200, 503]);
    expect(state.asked).toBe(1);
  });
});

describe('when there is no replica', () => {
  it('requests wait for a standby to take the place of the last one, whatever their method', async () => {
    const dead = deadPort();
    const { gateway, supervisor } = await gatewayBefore(readyAt(dead));
    const answers = ['GET', 'POST', 'GET'].map((method) => fetch(`${gateway.url}/home`, { method }));
    await sleep(50);
    const [member] = readyAt(await backend(labReplica('r-standby')));
    supervisor.members([{ ...member, handle: 1, name: 'r-standby' }]);
    for (const answer of answers) expect((await answer).status).toBe(200);
  });

  it('the wait is bounded, and the answer says when to come again', async () => {
    const { gateway } = await gatewayBefore(readyAt(deadPort()), { waitMs: 50 });
    expect((await fetch(`${gateway.url}/home`)).status).toBe(502);
    const { gateway: empty, supervisor } = await gatewayBefore([], { waitMs: 50 });
    supervisor.members([{ ...readyAt(1)[0], state: 'starting' }]);
    const response = await fetch(`${empty.url}/home`);
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '1']);
  });
});

describe('hedging', () => {
  it('asks another replica as well, and the first answer wins', async () => {
    const slow = await backend((request, response) => {
      setTimeout(() => {
        labReplica('S1')(request, response);
      }, 500);
    });
    const members = readyAt(slow, await backend(labReplica('S2')));
    const { gateway } = await gatewayBefore(members, { ...roundRobin, hedge: '20ms' });
    for (let i = 0; i < 4; i++) {
      const response = await fetch(`${gateway.url}/home`);
      expect(response.headers.get('x-replica')).toBe('S2');
    }
    expect(await metric(gateway.adminUrl, /^evenly_hedges_total (\d+)$/m)).toBeGreaterThanOrEqual(2);
  });
});

describe('more than there is room for', () => {
  it('is refused at once with Retry-After, and the rest is served', async () => {
    const slow = await backend((request, response) => {
      setTimeout(() => {
        labReplica('S1')(request, response);
      }, 200);
    });
    const limits = { connections: 1, pending: 2, maxInFlight: 5 };
    const { gateway } = await gatewayBefore(readyAt(slow), { ...roundRobin, ...limits });
    const send = async (): Promise<[number, string | null]> => {
      const { headers, status } = await fetch(`${gateway.url}/home`);
      return [status, headers.get('retry-after')];
    };
    const answers = await Promise.all(Array.from({ length: 8 }, send));
    expect(answers.filter(([status]) => status === 200)).toHaveLength(3);
    expect(answers.filter(([status, after]) => status === 503 && after === '1')).toHaveLength(5);
    expect(await metric(gateway.adminUrl, /^evenly_shed_total\{reason="pending"\} (\d+)$/m)).toBeGreaterThan(
      0,
    );
  });
});

describe('a limit of none that wait', () => {
  it('refuses those that would have to, and nobody else', async () => {
    const slow = await backend((request, response) => {
      setTimeout(() => {
        labReplica('S1')(request, response);
      }, 100);
    });
    const { gateway } = await gatewayBefore(readyAt(slow), { connections: 2, pending: 0 });
    const send = async (): Promise<number> => (await fetch(`${gateway.url}/home`)).status;
    const answers = await Promise.all(Array.from({ length: 5 }, send));
    expect(answers.sort()).toEqual([200, 200, 503, 503, 503]);
  });
});

describe('the retry budget', () => {
  it('bounds what is tried again when everything fails', async () => {
    let asked = 0;
    const ports = await Promise.all(
      [1, 2, 3].map(() =>
        backend((_request, response) => {
          asked++;
          response.writeHead(500).end();
        }),
      ),
    );
    const { gateway } = await gatewayBefore(readyAt(...ports), { ...roundRobin, retryBudget: 10 });
    await load({ url: `${gateway.url}/home`, arrivals: 'closed(8,0)', requests: 1000 });
    // the free ones, 10 a second over ten seconds, and one in ten
    expect(asked).toBeLessThanOrEqual(1000 + 100 + 100);
    expect(await metric(gateway.adminUrl, /^evenly_retry_budget_exhausted_total (\d+)$/m)).toBeGreaterThan(0);
  });
});
