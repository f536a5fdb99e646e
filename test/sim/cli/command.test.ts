/** `lab sim` from the outside: what goes to stdout, what to stderr, and how it ends. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { csvParse } from 'd3-dsv';
import { afterAll, describe, expect, it } from 'vitest';
import { lab, run } from '../../lab.ts';
import type { Result } from '../../../core/result.ts';

const folder = mkdtempSync(join(tmpdir(), 'lab-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

function runsOf(stdout: string): Result[] {
  return (JSON.parse(stdout) as { runs: Result[] }).runs;
}

describe('lab sim', () => {
  it('prints a table with a bar a replica, without colour into a pipe', async () => {
    const { stdout, stderr, code } = await lab(['sim']);
    expect(code).toBe(0);
    expect(stderr).toBe('');
    expect(stdout).toMatch(/S1 +8,449 +84\.5%.*█/);
    expect(stdout).not.toContain('\u001b');
  });

  it('shows the two ends of a large fleet, those with the most requests first', async () => {
    const { stdout } = await lab(['sim', '--policy', 'random', '--replicas', '5000', '--requests', '50000']);
    const shown = [...stdout.matchAll(/^S\d+ +(\d+)/gm)].map(([, requests]) => Number(requests));
    expect(shown).toHaveLength(20);
    expect(shown).toEqual([...shown].sort((a, b) => b - a));
    expect(shown[0]).toBeGreaterThan(shown[19]);
    expect(stdout).toContain('4,980 replicas between these are not shown');
  });

  it.skipIf(!existsSync('/dev/full'))('says that stdout cannot be written', async () => {
    const { stderr, code } = await run('sh', [
      '-c',
      `${process.execPath} --import tsx lab.ts sim > /dev/full`,
    ]);
    expect([stderr, code]).toEqual(['What this prints cannot be written to stdout (ENOSPC).\n', 1]);
  });

  it('prints one JSON document, the same each time', async () => {
    const [first, second] = await Promise.all([lab(['sim', '--json']), lab(['sim', '--json'])]);
    expect(second.stdout).toBe(first.stdout);
    const [run] = runsOf(first.stdout);
    expect(run.scenario.slots).toBe(512);
    expect(run.replicas.reduce((total, { requests }) => total + requests, 0)).toBe(10_000);
  });

  it('sweeps every combination, and prints a CSV line a run and replica', async () => {
    const { stdout } = await lab([
      'sim',
      '--csv',
      '--replicas',
      '2..4',
      '--server-hash',
      'md5,sha1',
      '--requests',
      '100',
    ]);
    const rows = csvParse(stdout);
    expect(rows).toHaveLength(2 * (2 + 3 + 4));
    expect(new Set(rows.map((row) => `${row.replicas}/${row.serverHash}`)).size).toBe(6);
  });

  it("takes a hash function from a user's file, for both hashes, with or without a seed", async () => {
    const twoArguments = file(
      'two.ts',
      'export default (key: number, seed: number): number => key * key + 2 * key + 17 + seed * seed + 2 * seed;',
    );
    const oneArgument = file(
      'one.mjs',
      'export const first = 1; export function letters(key) { return String(key).length; }',
    );
    const [own, builtIn, short] = await Promise.all([
      lab(['sim', '--json', '--hash', twoArguments]),
      lab(['sim', '--json', '--hash', 'poly(1,2,17)']),
      lab(['sim', '--json', '--request-hash', oneArgument]),
    ]);
    const counts = ({ stdout }: { stdout: string }): number[] =>
      runsOf(stdout)[0].replicas.map(({ requests }) => requests);
    expect(counts(own)).toEqual(counts(builtIn));
    expect(Math.max(...counts(short))).toBe(10_000);
  });

  it('stays quiet when its reader has had enough', async () => {
    const piped = `'${process.execPath}' --import tsx lab.ts sim --json --replicas 1..40 | head -c 9`;
    const { stdout, stderr } = await run('/bin/sh', ['-c', piped]);
    expect([stdout, stderr]).toEqual(['{\n  "even', '']);
  });
});

describe('bad input', () => {
  const cases: [string[], RegExp][] = [
    [['--policy', 'leest-request'], /'leest-request'.*nearest is 'least-request'.*by-key, .*least-request/],
    [['--server-hash', 'md6'], /'md6'.*'md5'.*crc32/],
    [['--request-hash', 'poly(1,2,3,4)'], /4 numbers.*at most 3: poly\(a,b,c\)/],
    [['--service', 'pareto(5,1)'], /'1' for shape.*from 1\.001/],
    [['--probing', 'cubic'], /'cubic'.*linear, quadratic, triangular/],
    [['--replicas', '6..2'], /--replicas.*'6\.\.2'.*upwards/],
    [['--replicas', '0'], /--replicas is '0'.*from 1 to 100000/],
    [['--vnodes', '200'], /need 600 slots.*512/],
    [['--slots', '16', '--vnodes', '5', '--probing', 'quadratic'], /no free slot.*probe sequence/s],
    [['--weights', '2:1'], /has no weights.*round-robin/],
    [['--fail-at', 'soon'], /'soon'.*250ms/],
    [['--fail-at', '1s:S9'], /S9.*S1 to S3/],
    [['--json', '--csv'], /--json and --csv/],
    [['--hash', './nowhere.ts'], /no file '\.\/nowhere\.ts'/],
    [['--hash', file('empty.mjs', 'export const seed = 1;')], /exports seed, but no function/],
    [['--hash', file('broken.mjs', 'export default (')], /does not load/],
    [['--hash', file('text.mjs', 'export default () => "x";')], /returned x.*must return a number/],
    [['--polcy', 'random'], /unknown option '--polcy'/],
  ];

  it.each(cases)('%j is a sentence and exit code 2, with nothing on stdout', async (args, sentence) => {
    const { stdout, stderr, code } = await lab(['sim', ...args]);
    expect(stderr).toMatch(sentence);
    expect(stderr).not.toMatch(/\n\s+at /);
    expect([stdout, code]).toEqual(['', 2]);
  });
});
