/**
 * The failure matrix: what a replica's bad day costs under load, behind the gateway and behind its peers in one run.
 * The row `none` is the base line: what the load itself costs on this machine.
 * `node --import tsx bench/live/matrix.ts [--driver docker] [--rate 2000] [--faults kill,stop] [--balancers evenly,HAProxy]`;
 * all other flags are for `lab.ts up`.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { compiled } from '../compiled.ts';
import { bench, interrupted } from './bench.ts';
import { DRIVERS, faultsOf, harm } from './faults.ts';
import type { Fault } from './faults.ts';
import { available, installPeers, rivals } from './proxies.ts';
import { named, wholeNumber } from './refuse.ts';
import { ownStack, peer } from './targets.ts';
import type { Site, Target } from './targets.ts';

interface Flags {
  readonly driver: string;
  readonly rate: string;
  readonly faults?: string;
  readonly balancers?: string;
}

/** One balancer through one fault. */
interface Cell {
  readonly sent: number;
  readonly lost: number;
  readonly p50Before: number;
  readonly p99During: number;
}

/** What the load prints of a phase; times are in ms, from when each request was due, of good answers. */
interface Phase {
  readonly sent: number;
  readonly failed: number;
  readonly errors: Readonly<Record<string, number>>;
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
  /** How late requests were sent, which is within the times above. */
  readonly lateP99: number;
  readonly machineBusy: number;
}

/** The program that makes the load, and requests a second. */
type LoadOf = readonly [program: string, rate: number];

type Balancer = readonly [name: string, start: (site: Site) => Promise<Target>];

const LOAD = fileURLToPath(new URL('../peers/open-loop.cpp', import.meta.url));
const OWN = 'evenly';
const CONNECTIONS = 64;
const POLICY = ['--policy', 'least-request'];

async function main(): Promise<void> {
  const command = new Command('matrix')
    .option('--driver <name>', 'process or docker', 'process')
    .option('--rate <n>', 'requests a second', '2000')
    .option('--faults <list>', 'only these')
    .option('--balancers <list>', 'only these')
    .allowUnknownOption()
    .allowExcessArguments()
    .parse();
  const flags = command.opts<Flags>();
  const driver = named('driver', flags.driver, DRIVERS);
  const faults = listed('fault', flags.faults, faultsOf[driver]);
  const names = listed('balancer', flags.balancers, [OWN, ...rivals.map(({ name }) => name)]);
  const rate = wholeNumber('rate', flags.rate);
  const folder = mkdtempSync(join(tmpdir(), 'evenly-bench-'));
  const site = { driver, folder, faults: join(folder, 'faults') };
  try {
    const load = compiled(LOAD, folder);
    installPeers(folder);
    const peers = available(
      rivals.filter(({ name }) => names.includes(name)),
      folder,
    ).map((proxy): Balancer => [proxy.name, (where) => peer(where, proxy)]);
    const own: Balancer = [OWN, (where) => ownStack(where, [...POLICY, ...command.args])];
    await print(names.includes(OWN) ? [own, ...peers] : peers, faults, site, [load, rate]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function print(
  balancers: Balancer[],
  faults: readonly Fault[],
  site: Site,
  load: LoadOf,
): Promise<void> {
  process.stdout.write(`| fault | ${balancers.map(([name]) => name).join(' | ')} |\n`);
  process.stdout.write(`| --- |${' --: |'.repeat(balancers.length)}\n`);
  for (const fault of faults) {
    const cells: Cell[] = [];
    for (const balancer of balancers) cells.push(await through(balancer, fault, site, load));
    process.stdout.write(`| ${[fault, ...cells.map(shown)].join(' | ')} |\n`);
  }
}

/** Those of a list with commas, in the order of all; all where there is none. */
function listed<T extends string>(kind: string, list: string | undefined, all: readonly T[]): readonly T[] {
  const wanted = list?.split(',').map((name) => named(kind, name, all));
  return wanted === undefined ? all : all.filter((name) => wanted.includes(name));
}

async function through([name, start]: Balancer, fault: Fault, site: Site, load: LoadOf): Promise<Cell> {
  writeFileSync(site.faults, '');
  const target = await start(site);
  try {
    const phases = await loaded(target.port, load, () =>
      harm(site.driver, target.victim, fault, site.faults),
    );
    process.stderr.write(`${fault} ${name}: ${phases.map(inFull).join('; ')}\n`);
    const [before, during] = phases;
    const sum = (field: 'sent' | 'failed'): number => phases.reduce((all, phase) => all + phase[field], 0);
    return { sent: sum('sent'), lost: sum('failed'), p50Before: before.p50, p99During: during.p99 };
  } finally {
    await target.close();
  }
}

/** Runs the load; `now` is called when it is time for the fault. */
async function loaded(port: number, [load, rate]: LoadOf, now: () => Promise<void>): Promise<Phase[]> {
  const args = [port, rate, CONNECTIONS].map(String);
  const child = spawn(load, args, { stdio: ['ignore', 'pipe', 'inherit'], signal: interrupted });
  child.on('error', () => undefined); // it was interrupted
  let last = '';
  let done = Promise.resolve();
  for await (const line of createInterface(child.stdout)) {
    if (line === 'now') done = now();
    else last = line;
  }
  await done;
  interrupted.throwIfAborted();
  return JSON.parse(last) as Phase[];
}

function shown({ lost, sent, p50Before, p99During }: Cell): string {
  return `${lost} of ${sent}, ${ms(p50Before)} → ${ms(p99During)}`;
}

function inFull({ errors, failed, lateP99, machineBusy, max, p50, p99, sent }: Phase): string {
  const busy = `machine ${(machineBusy * 100).toFixed(0)} %, sender late by ${ms(lateP99)}`;
  return `${failed} of ${sent} ${JSON.stringify(errors)} p50 ${ms(p50)} p99 ${ms(p99)} max ${ms(max)} (${busy})`;
}

function ms(value: number): string {
  return value.toFixed(1);
}

await bench(main);
