/** Supervisor, replicas and gateway together, under load: whatever happens to a replica, no request fails. */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { scenario } from '../../core/scenario.ts';
import { startGateway } from '../../live/gateway/gateway.ts';
import type { Gateway } from '../../live/gateway/gateway.ts';
import { load } from '../../live/load/load.ts';
import type { LoadResult } from '../../live/load/result.ts';
import { replay } from '../../live/replay/replay.ts';
import { afterwards, present, until } from './gateway/stage.ts';
import { startStack } from './supervisor/stack.ts';
import type { Stack } from './supervisor/stack.ts';
import { temporary } from '../temporary.ts';

interface Together {
  readonly stack: Stack;
  readonly gateway: Gateway;
  readonly record: string;
}

async function together(policy: string): Promise<Together> {
  const stack = await startStack({ health: { intervalMs: 100, timeoutMs: 200, misses: 2 }, drainMs: 1000 });
  afterwards(() => stack.close());
  const record = join(temporary(), 'events.ndjson');
  const addresses = { listen: '127.0.0.1:0', admin: '127.0.0.1:0' };
  const options = {
    control: stack.control,
    logLevel: 'silent',
    scenario: scenario({ policy }),
    record,
  } as const;
  const gateway = await startGateway({ ...addresses, ...options });
  afterwards(() => gateway.close());
  await until(async () => (await present(gateway)) === 3);
  return { stack, gateway, record };
}

/** Puts a load on the gateway while something happens, and for a moment more; then its recording must replay. */
async function loadDuring(
  { gateway, record }: Together,
  happening: () => Promise<unknown>,
): Promise<LoadResult> {
  const over = new AbortController();
  const plan = { url: `${gateway.url}/home`, arrivals: 'poisson(300)', durationMs: 60_000 };
  const loading = load({ ...plan, signal: over.signal });
  await sleep(500);
  await happening();
  await sleep(1000);
  over.abort();
  const result = await loading;
  await gateway.close();
  expect((await replay(record)).mismatch).toBeNull();
  return result;
}

async function signal({ driver }: Stack, name: string, sent: NodeJS.Signals): Promise<void> {
  const unit = (await driver.list()).find((listed) => listed.name === name);
  process.kill(Number(unit?.key), sent);
}

async function change({ url }: Gateway, method: string, path: string, payload: object): Promise<number> {
  const headers = { 'Content-Type': 'application/json' };
  return (await fetch(url + path, { method, headers, body: JSON.stringify(payload) })).status;
}

/** How many replicas it knows, also those that a busy machine has it eject for a moment. */
async function known({ adminUrl }: Gateway): Promise<number> {
  const metrics = await (await fetch(`${adminUrl}/metrics`)).text();
  const counts = metrics.matchAll(/^evenly_replicas_(?:present|ejected) (\d+)$/gm);
  return [...counts].reduce((sum, [, count]) => sum + Number(count), 0);
}

describe.each(['by-key', 'least-request'])('under load, with %s', (policy) => {
  it.each(['SIGKILL', 'SIGSTOP'] as const)('a replica that gets %s costs no request', async (sent) => {
    const all = await together(policy);
    const { failed, errors, replicas } = await loadDuring(all, async () => {
      await signal(all.stack, 'S1', sent);
      await until(() => all.stack.names().some((name) => name.startsWith('r-')), 30_000);
    });
    expect([failed, errors]).toEqual([0, {}]);
    expect(replicas.some(({ replica }) => replica.startsWith('r-'))).toBe(true);
  });

  it('replicas that are added and removed cost no request', async () => {
    const all = await together(policy);
    const { failed, errors } = await loadDuring(all, async () => {
      expect(await change(all.gateway, 'POST', '/add', { n: 2, hostnames: ['S4'] })).toBe(200);
      expect(await known(all.gateway)).toBe(5);
      await sleep(300);
      expect(await change(all.gateway, 'DELETE', '/rm', { n: 3, hostnames: ['S1', 'S2'] })).toBe(200);
      expect(await known(all.gateway)).toBe(2);
    });
    expect([failed, errors]).toEqual([0, {}]);
  });
});
