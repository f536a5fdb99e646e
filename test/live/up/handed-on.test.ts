/** What goes on from gateway to gateway and from process to process: recordings that are their own, and the token as it is now. */
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporary } from '../../temporary.ts';
import { replay } from '../../../live/replay/replay.ts';
import { until } from '../gateway/stage.ts';
import { endedAfterEach, lab, restart, site } from './command.ts';
import type { Running, Site } from './command.ts';

let running: Running | undefined;
endedAfterEach(() => running);

async function start(place: Site, ...flags: string[]): Promise<void> {
  running = lab([
    'up',
    '--driver',
    'process',
    ...place.flags,
    '--replicas',
    '1',
    '--gateways',
    '1',
    ...flags,
  ]);
  await running.announced;
}

async function restarted(place: Site): Promise<void> {
  const { code, err } = await restart(place);
  expect([code, err]).toEqual([0, '']);
}

test(
  'each gateway has a recording of its own, also those of the next process',
  { timeout: 60_000 },
  async () => {
    const place = await site();
    const folder = temporary();
    chmodSync(folder, 0o777); // the gateways may be nobody
    const [first, second] = ['decisions.ndjson', 'decisions.2.ndjson'].map((name) => join(folder, name));
    await start(place, '--record', first);
    const ask = async (): Promise<number> => (await fetch(`http://127.0.0.1:${place.port}/home`)).status;
    for (let i = 0; i < 20; i++) expect(await ask()).toBe(200);
    const picks = (file: string): number => readFileSync(file, 'utf8').match(/^\["p"/gm)?.length ?? 0;
    await restarted(place);
    for (let i = 0; i < 20; i++) expect(await ask()).toBe(200);
    const isThere = (): boolean =>
      existsSync(second) && picks(second) > 0 && picks(first) + picks(second) >= 40;
    await until(isThere, 10_000);
    for (const file of [first, second]) expect((await replay(file)).mismatch).toBeNull();
  },
);

test(
  'a token in a file is read again by each restart, of gateways and of all',
  { timeout: 60_000 },
  async () => {
    const place = await site();
    const file = join(temporary(), 'token');
    const tokens = ['a', 'b', 'c'].map((letter) => letter.repeat(20));
    const write = (token: string): void => {
      writeFileSync(file, token);
    };
    const ask = async (path: string, method: string, token: string): Promise<number> => {
      const headers = { authorization: `Bearer ${token}`, connection: 'close' };
      const body = path === '/balancer' ? '{"retries":2}' : null;
      return (await fetch(`http://127.0.0.1:${place.adminPort}${path}`, { method, headers, body })).status;
    };
    const taken = (): Promise<number[]> => Promise.all(tokens.map((token) => ask('/balancer', 'PUT', token)));
    write(tokens[0]);
    await start(place, '--token-file', file);
    write(tokens[1]);
    expect(await taken()).toEqual([200, 401, 401]);
    expect(await ask('/restart', 'POST', tokens[0])).toBe(202);
    await until(async () => (await ask('/balancer', 'PUT', tokens[1])) === 200, 20_000);
    write(tokens[2]);
    await restarted(place);
    await until(async () => (await ask('/balancer', 'PUT', tokens[2])) === 200, 20_000);
    expect(await taken()).toEqual([401, 401, 200]);
  },
);
