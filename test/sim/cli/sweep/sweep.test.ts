/** `lab sweep` from the outside: the same bytes however it is run, whatever is killed, and no run twice. */
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { csvParse } from 'd3-dsv';
import { parquetReadObjects } from 'hyparquet';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

import { InputError } from '../../../../core/input-error.ts';
import { sweepCommand } from '../../../../sim/cli/sweep/command.ts';
import { lab, root } from '../../../lab.ts';
import type { Ended } from '../../../lab.ts';

vi.setConfig({ testTimeout: 60_000 }); // it starts processes, on a machine that may be busy

const folder = mkdtempSync(join(tmpdir(), 'sweep-'));
const at = (name: string): string => join(folder, name);
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** Six seeds on a ring too small for its virtual servers, which cannot be run, and on one that is not. */
const grid = ['--seed', '1..6', '--slots', '16,512', '--vnodes', '5', '--probing', 'quadratic', '--requests', '30000']; // prettier-ignore
const sweep = (...args: readonly string[]): Promise<Ended> => lab(['sweep', ...args]);
const results = (name: string): Buffer[] =>
  ['results.csv', 'results.jsonl', 'results.parquet'].map((file) => readFileSync(join(at(name), file)));

/** A merge in this process, since it starts no other: its exit code, and what it said. */
async function merge(args: readonly string[]): Promise<[unknown, string]> {
  const streams = [process.stdout, process.stderr].map((stream) =>
    vi.spyOn(stream, 'write').mockReturnValue(true),
  );
  await sweepCommand().parseAsync([...args], { from: 'user' });
  const said = streams.map((stream) => stream.mock.calls.map(([text]) => String(text)).join('')).join('');
  for (const stream of streams) stream.mockRestore();
  const code = process.exitCode;
  process.exitCode = undefined;
  return [code, said];
}

interface Line {
  readonly run: string;
  readonly event: 'begun' | 'stored';
}
const journal = (name: string): Line[] => {
  const lines = readFileSync(join(at(name), 'journal.ndjson'), 'utf8')
    .split('\n')
    .filter((line) => line !== ''); // one that was only just made has no line yet
  return lines.map((line) => JSON.parse(line) as Line);
};
const stored = (name: string): string[] =>
  journal(name).flatMap(({ run, event }) => (event === 'stored' ? [run] : []));

beforeAll(async () => {
  const { code, stderr } = await sweep(...grid, '--jobs', '2', '--out', at('two'));
  expect([code, stderr]).toEqual([
    2,
    expect.stringMatching(/6 of 12 scenarios cannot be run.*no free slot/s),
  ]);
}, 60_000);

describe('lab sweep', () => {
  it('writes a row a run with its knobs, figures, hashes and maker, as CSV, JSON lines and Parquet', async () => {
    const [csv, jsonl, parquet] = results('two');
    const rows = jsonl
      .toString()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    const order = rows.map(({ slots, seed }) => `${String(slots)}/${String(seed)}`);
    expect(order).toEqual([16, 512].flatMap((slots) => [1, 2, 3, 4, 5, 6].map((seed) => `${slots}/${seed}`)));
    expect(rows[0]).toMatchObject({ refusal: expect.stringContaining('no free slot') as string });
    expect(rows[6]).toMatchObject({ vnodes: 5, refusal: null });
    expect(Object.keys(rows[6])).toEqual(expect.arrayContaining(['scenarioHash', 'resultHash', 'responseMs.p99', 'evenly', 'commit'])); // prettier-ignore
    const read = await parquetReadObjects({ file: new Uint8Array(parquet).buffer });
    expect(read[6]).toMatchObject(rows[6]);
    expect(read).toHaveLength(12);
    expect(csvParse(csv.toString()).map(({ resultHash }) => resultHash)).toEqual(rows.map(({ resultHash }) => resultHash)); // prettier-ignore
    expect(readdirSync(at('two')).sort()).toEqual(['journal.ndjson', 'results.csv', 'results.jsonl', 'results.parquet', 'runs', 'sweep.json']); // prettier-ignore
  });

  it('gives the same bytes in parts that are merged', async () => {
    const parts = await Promise.all(['1/2', '2/2'].map((part, i) => sweep(...grid, '--shard', part, '--jobs', '1', '--out', at(`part${i}`)))); // prettier-ignore
    expect(parts.map(({ code, stdout }) => [code, stdout])).toEqual([[0, ''], [0, '']]); // prettier-ignore
    const half = await merge(['--merge', at('part0'), '--out', at('half')]);
    expect(half).toEqual([1, expect.stringContaining('6 are missing')]);
    const [code] = await merge(['--merge', at('part0'), at('part1'), '--out', at('whole')]);
    expect(code).toBe(2);
    expect(results('whole')).toEqual(results('two'));
  });

  it('goes on after kill -9, two processes at once, and runs nothing twice', async () => {
    const args = ['--import', 'tsx', 'lab.ts', 'sweep', ...grid, '--jobs', '1', '--out', at('killed')];
    const first = spawn(process.execPath, args, { cwd: root, stdio: 'ignore' });
    const ended = new Promise((resolve) => first.once('exit', resolve));
    const begun = (): number => (readdirSync(folder).includes('killed') && readdirSync(at('killed')).includes('journal.ndjson') ? stored('killed').length : 0); // prettier-ignore
    while (begun() < 2) await sleep(5);
    first.kill('SIGKILL');
    await ended;
    const both = await Promise.all([sweep(...grid, '--out', at('killed')), sweep(...grid, '--out', at('killed'))]); // prettier-ignore
    expect(both.map(({ code }) => code)).toEqual([2, 2]);
    expect(results('killed')).toEqual(results('two'));
    expect([new Set(stored('killed')).size, stored('killed').length]).toEqual([12, 12]);
    const events = journal('killed').length;
    expect(events).toBeLessThanOrEqual(12 + 13); // one more begun than stored: the one that was killed
  });

  it('runs again what was changed on disk', async () => {
    const before = results('two');
    const runs = readdirSync(at('two/runs'), { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.json')); // prettier-ignore
    const [first, second] = runs.map((name) => join(at('two/runs'), name));
    writeFileSync(first, readFileSync(first, 'utf8').replace('"slots":', '"slots":1'));
    writeFileSync(second, readFileSync(second).subarray(0, 100));
    const { stderr } = await sweep(...grid, '--jobs', '1', '--out', at('two'));
    expect(stderr).toMatch(
      /10 of 12 runs are stored already[^]*is not what its hash says[^]*2 of 12 runs were made/,
    );
    expect(results('two')).toEqual(before);
  });
});

describe('bad input', () => {
  const other = at('other');
  beforeAll(() => {
    mkdirSync(at('foreign'));
    writeFileSync(join(at('foreign'), 'sweep.json'), '{"sweep": "0123", "runs": 1, "grid": {"seed": ["1"]}}');
  });
  it.each([
    [[...grid, '--shard', '5/4'], /--shard is '5\/4'.*from 1 to n/],
    [[...grid, '--shard', '0/4'], /--shard is '0\/4'/],
    [[...grid, '--jobs', '0'], /--jobs is '0'.*from 1/],
    [['--seed', '1', '--seeds', '1..3', '--replicas', '0'], /--replicas is '0'/],
    [['--seed', '7', '--out', at('two')], /holds another sweep, of 12 runs/],
    [[...grid, '--out', root], /is not empty and no sweep's folder/],
    [[...grid, '--out', join(root, 'package.json')], /cannot be a sweep's folder/],
    [['--merge', other], /'.*other' is no sweep's folder/],
    [['--merge', at('two'), at('foreign')], /hold different sweeps, of 12 and 1 runs/],
    [['--merge', at('two'), '--request-hash', 'md5'], /so --request-hash cannot go with it/],
    [[...grid, '--queue', 'http://127.0.0.1'], /must be redis:\/\/ or rediss:\/\//],
    [[...grid, '--queue', 'redis://:secret@127.0.0.1:1'], /^No Redis answers at redis:\/\/127\.0\.0\.1:1 /],
    [[...grid, '--queue', '5', '--queue', '6'], /once as a length and once as a URL/],
  ])('%j is a sentence, and nothing is made', async (args, sentence) => {
    const run = sweepCommand().parseAsync(args, { from: 'user' });
    await expect(run).rejects.toThrow(InputError);
    await expect(run).rejects.toThrow(sentence);
    expect(readdirSync(folder)).not.toContain('other');
  });
});
