/** Standbys on the process driver: who takes a dead replica's place, under which id, and what is left of them. */
import { readdirSync } from 'node:fs';
import { getPriority } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test } from 'vitest';
import { LEAST, NORMAL, mayRaise } from '../../../live/priority.ts';
import type { Stack } from './stack.ts';
import { call, startStack, until } from './stack.ts';

/** A replica that says how many heartbeats it was asked for. */
const COUNTING = fileURLToPath(new URL('counting.mjs', import.meta.url));

let stack: Stack;
afterEach(async () => {
  await stack.close();
});

const standbys = (): number => stack.supervisor.snapshot.standbys ?? 0;
const pids = async (): Promise<Map<string, number>> =>
  new Map((await stack.driver.list()).map(({ key, name }) => [name, Number(key)]));

async function waiting(): Promise<string> {
  await until(() => standbys() > 0);
  const names = [...(await pids()).keys()].filter((name) => !stack.names().includes(name));
  expect(names).toHaveLength(1);
  return names[0];
}

test('a standby takes the place of a replica that dies, id and all, and another is made behind it', async () => {
  stack = await startStack({ standbys: 1 });
  const standby = await waiting();
  expect(standby).toMatch(/^r-/);
  expect(stack.names()).toEqual(['S1', 'S2', 'S3']);
  process.kill((await pids()).get('S2') ?? 0, 'SIGKILL');
  await until(() => stack.names().includes(standby));
  expect(stack.names()).toEqual(['S1', 'S3', standby]);
  expect(stack.ready().at(-1)).toMatchObject({ id: 2, handle: 3, weight: 1 });
  const next = await waiting();
  expect(next).not.toBe(standby);
});

test('the next one is made only when the rest has had the time to catch up', async () => {
  const quietMs = 600;
  stack = await startStack({ standbys: 1, quietMs });
  const standby = await waiting();
  process.kill((await pids()).get('S2') ?? 0, 'SIGKILL');
  await until(() => stack.names().includes(standby));
  expect(await until(() => standbys() > 0)).toBeGreaterThan(quietMs / 2);
});

test('it has answered heartbeats before it waits, as many as were asked for', async () => {
  const warmUp = 25;
  stack = await startStack({ standbys: 1, warmUp }, { server: COUNTING });
  await waiting();
  const unit = (await stack.driver.list()).find(({ suspended }) => suspended);
  const counted = await fetch(`http://127.0.0.1:${unit?.port ?? 0}/count`);
  expect(Number(await counted.text())).toBeGreaterThanOrEqual(warmUp);
});

test('it yields to those that serve for as long as it waits, where that can be undone', async () => {
  stack = await startStack({ standbys: 1 });
  const standby = await waiting();
  const known = await pids();
  const threads = (): number[] => {
    const pid = known.get(standby) ?? 0;
    return readdirSync(`/proc/${pid}/task`).map((thread) => getPriority(Number(thread)));
  };
  expect(new Set(threads())).toEqual(new Set([mayRaise() ? LEAST : NORMAL]));
  process.kill(known.get('S2') ?? 0, 'SIGKILL');
  await until(() => stack.names().includes(standby));
  expect(new Set(threads())).toEqual(new Set([NORMAL]));
});

test('two die at once: the second place is filled by a replica that is started', async () => {
  stack = await startStack({ standbys: 1 });
  const standby = await waiting();
  const { S1, S2 } = Object.fromEntries(await pids()) as Record<string, number>;
  process.kill(S1, 'SIGKILL');
  process.kill(S2, 'SIGKILL');
  await until(() => stack.ready().length === 3 && !stack.names().includes('S1'));
  expect(stack.names()).toContain(standby);
  expect(
    stack
      .ready()
      .map(({ id }) => id)
      .sort(),
  ).toEqual([1, 2, 3]);
});

test('a standby that dies is replaced and never serves; its name cannot be asked for', async () => {
  stack = await startStack({ standbys: 1 });
  const standby = await waiting();
  const taken = await call(stack.control, 'POST', '/add', { n: 1, hostnames: [standby.toUpperCase()] });
  expect(taken.body.message).toBe(`<Error> hostname '${standby.toUpperCase()}' is already taken`);
  process.kill((await pids()).get(standby) ?? 0, 'SIGKILL');
  await until(() => standbys() === 0);
  expect(await waiting()).not.toBe(standby);
  expect(stack.names()).toEqual(['S1', 'S2', 'S3']);
});

describe('a standby is for the dead only:', () => {
  test('/add starts replicas of its own, /rm leaves the standby alone', async () => {
    stack = await startStack({ standbys: 1 });
    const standby = await waiting();
    await call(stack.control, 'POST', '/add', { n: 1 });
    expect(stack.names()).toHaveLength(4);
    expect(stack.names()).not.toContain(standby);
    await call(stack.control, 'DELETE', '/rm', { n: 4 });
    await sleep(50);
    expect([...(await pids()).keys()]).toEqual([standby]);
  });
});

test('a crash loop of everything that is started keeps its pauses', async () => {
  const backoff = { firstMs: 50, mostMs: 1000, stableMs: 1000 };
  stack = await startStack({ replicas: 1, standbys: 1, backoff }, { env: { SERVICE: 'nonsense' } }, 800);
  expect(stack.supervisor.snapshot).toMatchObject({ wanted: 1, standbys: 0, members: [] });
});
