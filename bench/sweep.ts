/**
 * `npm run bench:sweep`: what a run costs in a sweep beside `lab sim` of the same grid, in CPU time; and what a second
 * process saves, in wall time, beside two separate commands that make half of the grid each: the most that this machine
 * gives at that moment. All are taken in turns, and medians shown.
 */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const ROUNDS = Number(process.argv[2] ?? 5);
/** Runs too small to matter, so that what is left is the cost of a run to the sweep. */
const TINY = { runs: 2000, requests: 1 };
const MEDIUM = { runs: 32, requests: 1_000_000 };

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'bench-sweep-'));
const execute = promisify(execFile);
let folders = 0;

interface Spent {
  readonly wall: number;
  readonly cpu: number;
}

/** What one round found: seconds a run, and ratios. */
interface Round {
  readonly run: number;
  readonly speedup: number;
  readonly bound: number;
  readonly cpu: number;
}

/** A command's seconds, those of its children included. */
async function timed(...args: readonly string[]): Promise<Spent> {
  const command = ['-c', 'TIMEFORMAT="%R %U %S"; time "$0" "$@" 2>/dev/null >/dev/null', process.execPath, '--import', 'tsx', 'lab.ts', ...args]; // prettier-ignore
  const { stderr } = await execute('bash', command, { cwd: root });
  const [wall, user, system] = (stderr.trim().split('\n').at(-1) ?? '').split(' ').map(Number);
  return { wall, cpu: user + system };
}

const grid = ({ runs, requests }: typeof TINY): string[] => ['--seed', `1..${runs}`, '--requests', String(requests), '--policy', 'random']; // prettier-ignore
const sweep = (size: typeof TINY, ...more: readonly string[]): Promise<Spent> => timed('sweep', ...grid(size), '--out', join(folder, String(folders++)), ...more); // prettier-ignore
const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1];
const write = (text: string): void => void process.stdout.write(`${text}\n`);

try {
  const rounds: Round[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    process.stderr.write(`round ${round + 1} of ${ROUNDS}\n`);
    const one = { ...TINY, runs: 1 };
    const inSweep = (await sweep(TINY, '--jobs', '1')).cpu - (await sweep(one, '--jobs', '1')).cpu;
    const inSim = (await timed('sim', '--csv', ...grid(TINY))).cpu - (await timed('sim', '--csv', ...grid(one))).cpu; // prettier-ignore
    const single = await sweep(MEDIUM, '--jobs', '1');
    const double = await sweep(MEDIUM, '--jobs', '2');
    const begun = performance.now();
    await Promise.all(['1/2', '2/2'].map((part) => sweep(MEDIUM, '--jobs', '1', '--shard', part)));
    const bare = (performance.now() - begun) / 1000;
    rounds.push({ run: (inSweep - inSim) / TINY.runs, speedup: single.wall / double.wall, bound: single.wall / bare, cpu: double.cpu / single.cpu }); // prettier-ignore
  }
  const of = (name: keyof Round): number => median(rounds.map((round) => round[name]));
  write(`A run costs a sweep ${(of('run') * 1000).toFixed(2)} ms of CPU more than 'lab sim --csv' (${TINY.runs} runs of ${TINY.requests} request).`); // prettier-ignore
  write(`Two processes take 1/${of('speedup').toFixed(2)} of one's wall time, two separate commands 1/${of('bound').toFixed(2)}; CPU time ${of('cpu').toFixed(2)}-fold (${MEDIUM.runs} runs of ${MEDIUM.requests / 1e6} M requests).`); // prettier-ignore
} finally {
  rmSync(folder, { recursive: true });
}
