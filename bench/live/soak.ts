/**
 * A soak: load for ten minutes while replicas are killed, stopped, added and removed at random, or fail by themselves, and
 * gateways are restarted.
 * Nothing may be lost, N must be right at the end, and memory flat. What a gateway has in hand is lost if that is killed, so
 * killing them is asked for apart, and then only N and memory are held to.
 * `node --import tsx bench/live/soak.ts [--minutes 10] [--driver docker] [--rate 200] [--gateways 2] [--kill-gateways]`
 */
import { readFileSync, readdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { Command } from 'commander';
import { stream } from '../../core/random/stream.ts';
import { load } from '../../live/load/load.ts';
import { bench, interrupted } from './bench.ts';
import { named, wholeNumber } from './refuse.ts';
import { stage } from './stage.ts';
import { DRIVERS, TOLD } from './faults.ts';
import type { Fault } from './faults.ts';
import type { Stage } from './stage.ts';

/** Between two events: longer than what counts as a crash loop, so that replacements are not held back. */
const PAUSE_MS = { least: 3200, most: 6000 };
const RECOVERY_MS = 20_000;
/** Until another gateway listens in place of one that was killed, on a busy machine. */
const GATEWAY_MS = 5000;
/** What may be done to a replica instead of killing it; one that was told to fail goes on with it until another is. */
const HARMS: readonly Fault[] = ['stop', 'pause', ...TOLD];
const MOST_EJECT_MS = 30_000;
const PAGE_MIB = 4096 / 1024 / 1024;

interface Flags {
  readonly driver: string;
  readonly minutes: string;
  readonly rate: string;
  readonly seed: string;
  readonly gateways: string;
  readonly killGateways?: true;
}

/** Events by kind, the gateways' memory after each in MiB, and N at the end. */
interface Happened {
  readonly counts: Readonly<Record<string, number>>;
  readonly memory: readonly number[];
  readonly wanted: number;
}

const flags = new Command('soak')
  .option('--driver <name>', 'process or docker', 'process')
  .option('--minutes <n>', 'how long', '10')
  .option('--rate <n>', 'requests a second', '200')
  .option('--seed <n>', 'of the events', '42')
  .option('--gateways <n>', 'gateways on the port', '2')
  .option('--kill-gateways', 'kill gateways too')
  .parse()
  .opts<Flags>();
const driver = named('driver', flags.driver, DRIVERS);
const rate = wholeNumber('rate', flags.rate);
const gateways = wholeNumber('gateways', flags.gateways);
/** Where one may fail by itself, another may end, and one is to be left. */
const leastN = driver === 'docker' ? 2 : 3;
const durationMs = wholeNumber('minutes', flags.minutes) * 60_000;
const random = stream(wholeNumber('seed', flags.seed), 'failures');
const from = (least: number, most: number): number => least + Math.floor(random() * (most - least + 1));

/** What happens to the fleet next; N stays between its least and 5. */
async function happen(stand: Stage, wanted: number): Promise<[what: string, wanted: number]> {
  const replicas = await stand.replicas();
  const victim = replicas[from(0, replicas.length - 1)];
  const events = [
    'kill',
    'stop',
    ...(driver === 'docker' ? ['pause'] : TOLD),
    'add',
    'remove',
    'restart',
    ...(flags.killGateways ? ['gateway'] : []),
  ];
  const what = events[from(0, events.length - 1)];
  if (what === 'add' && wanted < 5) return [await change(stand, 'POST', '/add'), wanted + 1];
  if (what === 'remove' && wanted > leastN) return [await change(stand, 'DELETE', '/rm'), wanted - 1];
  if (what === 'restart') return [await stand.up.restart().then(() => what), wanted];
  if (what === 'gateway') {
    const pids = gatewayPids();
    process.kill(Number(pids[from(0, pids.length - 1)]), 'SIGKILL');
    await sleep(GATEWAY_MS);
    return [what, wanted];
  }
  const fault = HARMS.find((harm) => harm === what) ?? 'kill';
  // an engine that is busy may fail to freeze a container
  const done = await stand.harm(victim, fault).then(
    () => true,
    () => false,
  );
  return [`${done ? fault : 'nothing'} ${victim.name}`, wanted];
}

async function change({ up }: Stage, method: string, path: string): Promise<string> {
  const headers = { 'content-type': 'application/json' };
  const reply = await fetch(`${up.url}${path}`, { method, headers, body: '{"n":1}' });
  if (!reply.ok) throw new Error(`${path} answered ${reply.status}: ${await reply.text()}`);
  return path;
}

/** This process's descendants that are gateways, those that retire among them. */
function gatewayPids(): string[] {
  return readdirSync('/proc').filter((pid) => /^\d+$/.test(pid) && isGateway(pid));
}

/** Resident memory of a gateway on average, in MiB. */
function gatewayMib(): number {
  const pages = gatewayPids().map((pid) => Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]));
  return pages.reduce((sum, n) => sum + (n * PAGE_MIB) / pages.length, 0);
}

function isGateway(pid: string): boolean {
  try {
    const parent = Number(
      readFileSync(`/proc/${pid}/stat`, 'utf8')
        .replace(/^.*\) . /, '')
        .split(' ')[0],
    );
    return parent === process.pid && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('gateway/main');
  } catch {
    return false; // it ended just now
  }
}

async function main(): Promise<void> {
  const stand = await stage(driver, ['--policy', 'least-request'], gateways);
  const over = new AbortController();
  try {
    await soak(stand, AbortSignal.any([interrupted, over.signal]));
  } finally {
    over.abort();
    await stand.close();
  }
}

async function soak(stand: Stage, signal: AbortSignal): Promise<void> {
  const url = `${stand.up.url}/home`;
  const running = load({ url, arrivals: `constant(${rate})`, durationMs, signal });
  const { counts, memory, wanted } = await happenings(stand, performance.now() + durationMs - RECOVERY_MS);
  const result = await running;
  interrupted.throwIfAborted();
  const present = await presentAtLast(stand, wanted);
  const standbys = await stand.metric('evenly_standbys');
  const retries = await stand.metric('evenly_retries_total');
  const half = memory.length >> 1;
  const grown = mean(memory.slice(half)) - mean(memory.slice(Math.min(half, 3), half));
  const lines = [
    `${result.sent} requests, ${result.failed} lost ${JSON.stringify(result.errors)}, ${retries} tried again`,
    `events: ${JSON.stringify(counts)}; N ${present} of ${wanted}, ${standbys} standby`,
    `response ms: p50 ${result.responseMs.p50}, p99 ${result.responseMs.p99}, max ${result.responseMs.max}`,
    `a gateway: ${mean(memory).toFixed(0)} MiB, second half ${grown.toFixed(1)} MiB above the first`,
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
  const wrong = [
    !flags.killGateways && result.failed > 0 ? `${result.failed} requests were lost` : '',
    present === wanted ? '' : `N is ${present} instead of ${wanted}`,
    standbys === 1 ? '' : `there are ${standbys} standbys instead of 1`,
  ].filter((text) => text !== '');
  if (wrong.length > 0) throw new Error(`The soak failed: ${wrong.join(', ')}.`);
}

/** What happened until then. */
async function happenings(stand: Stage, end: number): Promise<Happened> {
  const counts: Record<string, number> = {};
  const memory: number[] = [];
  let wanted = 3;
  while (performance.now() < end) {
    await sleep(from(PAUSE_MS.least, PAUSE_MS.most), undefined, { signal: interrupted });
    const [what, next] = await happen(stand, wanted);
    wanted = next;
    const kind = what.split(' ')[0];
    counts[kind] = (counts[kind] ?? 0) + 1;
    const mib = gatewayMib();
    memory.push(mib);
    const left = ((performance.now() - end) / 1000).toFixed(0);
    process.stderr.write(`${left} s: ${what}, N ${wanted}, gateway ${mib.toFixed(0)} MiB\n`);
  }
  stand.heal();
  return { counts, memory, wanted };
}

/** How many there are, once all who were told to fail may be back from their ejections. */
async function presentAtLast(stand: Stage, wanted: number): Promise<number> {
  const end = performance.now() + MOST_EJECT_MS;
  for (;;) {
    const present = await stand.metric('evenly_replicas_present');
    if (present === wanted || performance.now() > end) return present;
    await sleep(500, undefined, { signal: interrupted });
  }
}

function mean(list: readonly number[]): number {
  return list.reduce((sum, n) => sum + n, 0) / list.length;
}

await bench(main);
