/** A notebook from its file to its page, as a user would have it. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  it,
  vi,
  type MockInstance,
} from 'vitest';
import { InputError } from '../../core/input-error.ts';
import { notebooksFolder, runIn } from './fixture.ts';

let root = '';
let stdout: MockInstance<typeof process.stdout.write>;
let stderr: MockInstance<typeof process.stderr.write>;

beforeAll(() => {
  root = notebooksFolder();
});
afterAll(() => {
  rmSync(root, { recursive: true });
});
beforeEach(() => {
  stdout = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  stderr = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
});
afterEach(() => {
  vi.restoreAllMocks();
});

const run = (ids: readonly string[], out: string): Promise<number> => runIn(root, ids, out);
const read = (...path: readonly string[]): string => readFileSync(join(root, ...path), 'utf8');
const said = (stream: MockInstance<typeof process.stdout.write>): string =>
  stream.mock.calls.map(([text]) => String(text)).join('');

describe('a sound notebook', () => {
  it('leaves a page, a run and the files of its charts, and nothing else', async () => {
    expect(await run(['a1'], 'sound')).toBe(0);
    expect(readdirSync(join(root, 'sound')).sort()).toEqual(['a1-sound', 'index.html']);
    expect(readdirSync(join(root, 'sound', 'a1-sound')).sort()).toEqual([
      'index.html',
      'requests.csv',
      'requests.png',
      'requests.svg',
      'requests.vl.json',
      'run.json',
    ]);
  });

  it('says on stdout where the front page is, and all else on stderr', () => {
    return run(['a1'], 'sound').then(() => {
      expect(said(stdout)).toBe(`${join(root, 'sound', 'index.html')}\n`);
      expect(said(stderr)).toMatch(/^a1-sound: 1 chart, 1 of 1 claims hold, [\d.]+ s\n$/);
    });
  });

  it('gives the same bytes again', async () => {
    await run(['a1'], 'sound');
    await run(['a1'], 'again');
    for (const name of readdirSync(join(root, 'sound', 'a1-sound'))) {
      const [first, second] = ['sound', 'again'].map((out) =>
        readFileSync(join(root, out, 'a1-sound', name)),
      );
      expect(first.equals(second), name).toBe(true);
    }
    expect(read('again', 'index.html')).toBe(read('sound', 'index.html'));
  });

  it('records what it ran with, but neither when nor where', () => {
    const run = JSON.parse(read('sound', 'a1-sound', 'run.json')) as Record<string, unknown>;
    expect(run).toMatchObject({
      notebook: 'a1-sound',
      title: 'A notebook',
      seed: 42,
      records: { shares: { S1: 0.75 } },
      claims: [{ sentence: 'one is less than two', holds: true }],
      charts: [{ id: 'requests', title: 'Counts' }],
    });
    const libraries = ['@noble/hashes', 'seedrandom', 'vega', 'vega-lite']; // whose bytes a result depends on
    expect(Object.keys(run['versions'] as object)).toEqual(['evenly', ...libraries]);
    expect(run['commit']).toMatch(/^([0-9a-f]{40}(-dirty)?|unknown)$/);
    expect(JSON.stringify(run)).not.toContain(root);
  });
});

describe('a claim that does not hold', () => {
  it('fails the command, is named, and stands on the page in words', async () => {
    expect(await run(['a2', 'a1'], 'claims')).toBe(1);
    expect(said(stderr)).toContain('a2-false: the claim fails: two is less than *one*\n');
    expect(readdirSync(join(root, 'claims')).sort()).toEqual(['a1-sound', 'a2-false', 'index.html']);
    const html = read('claims', 'a2-false', 'index.html');
    expect(html).toContain('✗ 1 of 2 claims hold');
    expect(html).toContain(
      '<span class="state fails">✗ fails</span><span>two is less than <em>one</em></span>',
    );
    expect(html).toContain('<h1>A title &lt; 3</h1>');
    expect(html.match(/<ul class="claims">/g)).toHaveLength(1);
  });
});

describe('a notebook that stops', () => {
  it('is named in a sentence, leaves its old pages, and does not hold up the others', async () => {
    mkdirSync(join(root, 'stops', 'a3-broken'), { recursive: true });
    writeFileSync(join(root, 'stops', 'a3-broken', 'old.txt'), 'old');
    expect(await run(['a3', 'a1'], 'stops')).toBe(1);
    expect(said(stderr)).toContain('a3-broken stopped, and nothing of it was written: the ring is full.\n');
    expect(readdirSync(join(root, 'stops')).sort()).toEqual(['a1-sound', 'a3-broken', 'index.html']);
    expect(readdirSync(join(root, 'stops', 'a3-broken'))).toEqual(['old.txt']);
  });

  it('shows where it stopped to who asks', async () => {
    vi.stubEnv('DEBUG', '1');
    await run(['a3'], 'stops');
    vi.unstubAllEnvs();
    expect(said(stderr)).toMatch(/at .*a3-broken\.ts/);
  });

  it('is told which cell of which table is not a value', async () => {
    await run(['a10'], 'stops');
    expect(said(stderr)).toContain('chart "requests" holds NaN in row 0, column "requests"');
  });

  it('is told when its file has no notebook', async () => {
    await run(['b1'], 'stops');
    expect(said(stderr)).toMatch(/b1-empty stopped.*default export/);
  });
});

describe('the command', () => {
  it('checks all names before it writes anything', async () => {
    await expect(run(['a1', 'zz'], 'unwritten')).rejects.toThrow(InputError);
    expect(existsSync(join(root, 'unwritten'))).toBe(false);
  });

  it('runs outside the test runner as well', () => {
    const cli = fileURLToPath(new URL('../../notebooks/cli.ts', import.meta.url));
    const options = JSON.stringify({ out: join(root, 'plain'), seed: 1, from: join(root, 'from') });
    const script = `import { report } from ${JSON.stringify(cli)};
      process.exitCode = await report(['a1'], { ...${options}, lab: (seed) => ({ seed }) });`;
    const args = ['--import', 'tsx', '--input-type=module', '-e', script];
    const out = execFileSync(process.execPath, args, {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    expect(out).toBe(`${join(root, 'plain', 'index.html')}\n`);
    expect(read('plain', 'a1-sound', 'run.json')).toContain('"seed": 1');
  });
});
