/** What is rehearsed before clients are taken: every way of failing, within its time, and without a trace. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { rehearse } from '../../../live/gateway/rehearsal.ts';
import type { Listening } from '../../../live/types.ts';
import { afterwards, fakeSupervisor, until } from './stage.ts';

interface Suspected {
  readonly name: string;
  readonly reason: string;
}

test('replicas hang, end, break off and are reported, each by its own failure, and nothing is left open', async () => {
  const before = process.getActiveResourcesInfo().filter((kind) => kind.startsWith('TCP'));
  const supervisor = await fakeSupervisor();
  const suspected = (): Suspected[] => supervisor.calls.map(({ body }) => JSON.parse(body) as Suspected);
  const unseen = (): string[] => {
    const seen = suspected().map(({ reason }) => reason);
    return ['timeout', 'closed', 'ECONNRESET'].filter((reason) => !seen.includes(reason));
  };
  const blamed = (): number => new Set(suspected().map(({ name }) => name)).size;
  // a process that stood still does not blame a replica for it, so that once may not do on a busy machine
  const giveUpMs = performance.now() + 60_000;
  do await rehearse({ control: supervisor.socket, rehearsalMs: 20_000 });
  while ((unseen().length > 0 || blamed() < 6) && performance.now() < giveUpMs);
  expect(unseen()).toEqual([]);
  expect(supervisor.calls.every(({ path }) => path === '/suspect')).toBe(true);
  expect(suspected().every(({ name }) => name.startsWith('rehearsal-'))).toBe(true);
  expect(blamed()).toBeGreaterThanOrEqual(6);
  const left = (): string[] => process.getActiveResourcesInfo().filter((kind) => kind.startsWith('TCP'));
  await until(() => left().length <= before.length, 30_000);
});

test('it ends when its time is over', async () => {
  const supervisor = await fakeSupervisor();
  const whole = performance.now();
  await rehearse({ control: supervisor.socket, rehearsalMs: 20_000 });
  const start = performance.now();
  await rehearse({ control: supervisor.socket, rehearsalMs: 100 });
  expect(performance.now() - start).toBeLessThan((start - whole) / 2);
});

test('a gateway that has rehearsed counts nothing of it', async () => {
  const supervisor = await fakeSupervisor();
  const flags = ['--control', supervisor.socket, '--listen', '127.0.0.1:0', '--admin', '127.0.0.1:0'];
  const child = fork('live/gateway/main.ts', [...flags, '--rehearsal-ms', '5000', '--log-level', 'error'], {
    execArgv: ['--import', 'tsx'],
    silent: true,
  });
  let said = '';
  child.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString()));
  afterwards(async () => {
    child.kill('SIGKILL');
    await once(child, 'exit');
  });
  const [{ adminUrl }] = (await once(child, 'message')) as [Listening];
  expect(supervisor.calls.length).toBeGreaterThan(0);
  const metrics = await (await fetch(`${adminUrl}/metrics`)).text();
  const counted = metrics.split('\n').filter((line) => /^evenly_\w+_(total|count)\b/.test(line));
  expect(counted.filter((line) => !line.endsWith(' 0'))).toEqual([]);
  expect(metrics).not.toContain('rehearsal-');
  expect(said).toBe('');
});
