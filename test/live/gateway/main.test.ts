/** The gateway as a process: flags and environment, the word to its parent, its end, and what cannot be. */
import { fork, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { replay } from '../../../live/replay/replay.ts';
import type { Listening } from '../../../live/types.ts';
import { afterwards, backend, fakeSupervisor, labReplica, readyAt, until } from './stage.ts';
import { temporary } from '../../temporary.ts';

const main = 'live/gateway/main.ts';
const node = ['--import', 'tsx'];
const ports = ['--listen', '127.0.0.1:0', '--admin', '127.0.0.1:0'];

/** Starts it as `up` does, and collects what it says on stderr. */
function forked(args: string[], env: NodeJS.ProcessEnv = {}): { child: ChildProcess; said: () => string } {
  const options = { execArgv: node, env: { ...process.env, ...env }, silent: true };
  const child = fork(main, args, options);
  let said = '';
  child.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString()));
  afterwards(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  });
  return { child, said: () => said };
}

describe('the gateway process', () => {
  it('says where it listens, logs what it is asked to, and writes its recording out at SIGTERM', async () => {
    const supervisor = await fakeSupervisor();
    const record = join(temporary(), 'events.ndjson');
    const env = { EVENLY_RECORD: record, EVENLY_POLICY: 'round-robin', EVENLY_KEY: '' };
    const { child, said } = forked(['--control', supervisor.socket, ...ports], {
      ...env,
      EVENLY_ACCESS_LOG: '1',
    });
    const [message] = (await once(child, 'message')) as [Listening];
    expect(message.type).toBe('listening');
    supervisor.members(readyAt(await backend(labReplica('S1')), await backend(labReplica('S2'))));
    await until(async () => (await fetch(`${message.url}/home`)).status === 200);
    const headers = { Authorization: 'Bearer hidden', Cookie: 'session=hidden' };
    for (let i = 0; i < 10; i++) await fetch(`${message.url}/home?id=${i}`, { headers });
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
    const { counts, mismatch, truncated, policies } = await replay(record);
    expect(mismatch).toBeNull();
    expect([truncated, policies]).toEqual([false, ['round-robin']]);
    expect(counts.p).toBeGreaterThanOrEqual(11);
    const lines = said()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    const access = lines.filter(({ msg, status }) => msg === 'request' && status === 200);
    expect(access[access.length - 1]).toMatchObject({ level: 'info', path: '/home?id=9', key: 9, tries: 1 });
    expect(said()).not.toContain('hidden');
  });

  it('ends when the process that started it is gone', async () => {
    const { child } = forked(['--control', '/nonexistent', ...ports, '--log-level', 'silent']);
    await once(child, 'message');
    child.disconnect();
    expect((await once(child, 'exit'))[0]).toBe(0);
  });

  it('ends also when that is gone before it has read its files', async () => {
    const { child } = forked(['--control', '/nonexistent', ...ports, '--log-level', 'silent']);
    child.disconnect();
    expect((await once(child, 'exit'))[0]).toBe(0);
  });

  it.each([
    [['--listen', '99999'], /^--listen is '99999', but must be HOST:PORT/],
    [['--key', 'hedder:x'], /^There is no key source \(--key\) 'hedder'; the nearest is 'header', .*$/],
    [['--policy', 'by-kye'], /^--policy: There is no policy 'by-kye'; the nearest is 'by-key', .*$/],
    [['--retries', 'many'], /^--retries /],
    [['--polcy', 'by-key'], /^error: unknown option '--polcy'\s+\(Did you mean --policy\?\)$/],
    [['--log-level', 'loud'], /^--log-level /],
  ])('refuses %j in one sentence and exits with 2', async (args, sentence) => {
    const child = spawn(process.execPath, [...node, main, '--control', 'x', ...args]);
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
    const [code] = (await once(child, 'close')) as [number];
    expect(said.trim()).toMatch(sentence);
    expect(code).toBe(2);
  });

  it('says which port is taken', async () => {
    const taken = await backend(labReplica('S1'));
    const child = spawn(process.execPath, [...node, main, '--control', 'x', '--listen', String(taken)]);
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
    expect((await once(child, 'close'))[0]).toBe(2);
    expect(said).toBe(
      `The gateway cannot listen on 127.0.0.1:${taken}: something else listens there. Free it or choose another with --listen.\n`,
    );
  });
});
