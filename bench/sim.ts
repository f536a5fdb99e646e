/** `npm run bench -- sim`: completed requests a CPU-second, beside C++ and SimPy on the same model in the same run. */
import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { compiled } from './compiled.ts';
import { median } from '../core/stats/timing.ts';
import type { Run } from './sim-child.ts';

const ROUNDS = 3;
/** Of each engine's run; what takes longer for each has fewer, so that all of it takes some minutes. */
const REQUESTS = { fast: 40_000_000, events: 20_000_000, cpp: 5_000_000, simpy: 50_000 } as const;
/** Of a run of each size. */
const SIZED = 2_000_000;
/** Of a replication that runs beside another: so long that what a process needs to start is nothing to it. */
const REPLICATION = 200_000_000;
const POLICIES = ['hash', 'round-robin', 'random', 'power-of-d(2)', 'least-request'] as const;
/** What the peers call a policy; by key they have none. */
const PEER_NAMES: Readonly<Record<string, string>> = { 'power-of-d(2)': 'two-choices' };

/** The first rows are the simulator's own. */
const OWN = 2;

type Subject = (policy: string, servers: number, requests?: number) => Run;

const path = (file: string): string => fileURLToPath(new URL(file, import.meta.url));
const write = (line = ''): void => void process.stdout.write(`${line}\n`);
const child = ['--import', 'tsx', path('sim-child.ts')];
const millions = ({ completed, cpuSeconds }: Run): number => completed / cpuSeconds / 1e6;

const own =
  (engine: 'fast' | 'events'): Subject =>
  (policy, servers, requests = REQUESTS[engine]) =>
    JSON.parse(
      execFileSync(process.execPath, [...child, policy, String(servers), String(requests), engine], {
        encoding: 'utf8',
      }),
    ) as Run;

/** A program that prints requests, CPU seconds and the mean. */
function peer(command: string, args: readonly string[], requests: number): Subject {
  return (policy, servers) => {
    const name = PEER_NAMES[policy] ?? policy;
    const out = execFileSync(command, [...args, name, String(servers), String(requests)], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const [completed, cpuSeconds, meanMs] = out.trim().split(' ').map(Number);
    return { completed, cpuSeconds, meanMs, peakBytes: NaN };
  };
}

/** Measures everything and prints Markdown. */
export async function measureSimulator(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  try {
    const program = compiled(path('peers/simulation.cpp'), folder);
    const cpp = peer(program, [], REQUESTS.cpp);
    speeds([
      ['fast path', own('fast')],
      ['event engine', own('events')],
      ['C++, std::priority_queue', cpp],
      ['SimPy 2', peer('/usr/bin/python3', [path('peers/simulation.py')], REQUESTS.simpy)],
    ]);
    write('\nsimjs 2.0.3 installs, but its main file exports nothing to Node, so it is not in the table.');
    sizes(cpp);
  } finally {
    rmSync(folder, { recursive: true });
  }
  await twoProcesses();
}

/** Rounds take turns, so that what else the machine does falls on all alike. */
function speeds(subjects: readonly (readonly [string, Subject])[]): void {
  write(
    `M/M/1 queues at 0.8 load, 3 servers; millions of completed requests a CPU-second, median of ${ROUNDS};`,
  );
  write(`mean response (ms) in brackets; ${cpus()[0].model.trim()}, Node ${process.versions.node}\n`);
  write(`| | ${POLICIES.join(' | ')} |`);
  write(`| --- |${POLICIES.map(() => ' --: |').join('')}`);
  const found = subjects.map(() => POLICIES.map((): Run[] => []));
  for (let round = 0; round < ROUNDS; round++) {
    process.stderr.write(`Round ${round + 1} of ${ROUNDS}\n`);
    subjects.forEach(([, run], row) => {
      POLICIES.forEach((policy, column) => {
        if (row < OWN || policy !== 'hash') found[row][column].push(run(policy, 3));
      });
    });
  }
  subjects.forEach(([name], row) => {
    write(`| ${name} | ${found[row].map(cell).join(' | ')} |`);
  });
}

function cell(runs: readonly Run[]): string {
  if (runs.length === 0) return '–';
  return `${median(runs.map(millions)).toPrecision(3)} (${runs[0].meanMs.toFixed(1)})`;
}

function sizes(cpp: Subject): void {
  process.stderr.write('Sizes\n');
  write(
    '\n| servers | fast, round robin | fast, power of two | events, round robin | events, least request | C++, round robin | C++, power of two |',
  );
  write('| --: | --: | --: | --: | --: | --: | --: |');
  for (const servers of [3, 100, 1000, 10_000, 100_000]) {
    const cells = [
      own('fast')('round-robin', servers, SIZED),
      own('fast')('power-of-d(2)', servers, SIZED),
      own('events')('round-robin', servers, SIZED),
      own('events')('least-request', servers, SIZED),
      cpp('round-robin', servers),
      cpp('power-of-d(2)', servers),
    ];
    write(`| ${servers} | ${cells.map((run) => millions(run).toPrecision(3)).join(' | ')} |`);
  }
  write('\n| requests | peak memory, round robin, 3 servers |');
  write('| --: | --: |');
  for (const requests of [1e5, 1e6, 1e7, 1e8]) {
    const { peakBytes } = own('fast')('round-robin', 3, requests);
    write(`| ${requests} | ${(peakBytes / 2 ** 20).toFixed(0)} MiB |`);
  }
}

/** Replications with seeds of their own: requests a second of the clock in one process, and in two at once, by turns. */
async function twoProcesses(): Promise<void> {
  process.stderr.write('Two processes\n');
  const run = promisify(execFile);
  const timed = async (processes: number): Promise<number> => {
    const began = performance.now();
    const runs = Array.from({ length: processes }, (_, seed) =>
      run(process.execPath, [...child, 'round-robin', '3', String(REPLICATION), 'fast', String(seed)]),
    );
    await Promise.all(runs);
    return (processes * REPLICATION) / (performance.now() - began) / 1000;
  };
  const [ones, twos]: number[][] = [[], []];
  for (let round = 0; round < ROUNDS; round++) {
    ones.push(await timed(1));
    twos.push(await timed(2));
  }
  const [one, two] = [median(ones), median(twos)];
  write(`\nReplications of ${REPLICATION} requests: ${one.toPrecision(3)} M a second in one process, ${two.toPrecision(3)} M in two at once: ${(two / one).toFixed(2)} times.`); // prettier-ignore
}
