/**
 * Whether the gateway's memory stays flat: millions of requests through one gateway, and what it has in RAM along the way.
 * `node --import tsx bench/live/memory.ts [--requests 10000000] [--every 500000]`
 */
import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { bench } from './bench.ts';
import { cpuMs, ended, residentMb, started } from './processes.ts';
import { nginxBackends, proxies } from './proxies.ts';
import { wholeNumber } from './refuse.ts';
import { saturate } from './saturate.ts';
import { supervisorOf } from './supervisor.ts';

const BACKENDS = [18_121, 18_122, 18_123];
const PORT = 18_120;
const HOME = `http://127.0.0.1:${PORT}/home`;
const STEP_S = 10;

const flags = new Command('memory')
  .option('--requests <n>', 'how many in all', '10000000')
  .option('--every <n>', 'a line after so many', '500000')
  .parse()
  .opts<{ requests: string; every: string }>();
const wanted = wholeNumber('requests', flags.requests);
const every = wholeNumber('every', flags.every);

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'evenly-bench-'));
  const begun: ChildProcess[] = [];
  const control = join(folder, 'control.sock');
  const supervisor = await supervisorOf(BACKENDS, control);
  const [gateway] = proxies;
  const own = gateway.command({ port: PORT, backends: BACKENDS, folder, control });
  try {
    begun.push(await started(['nginx', '-p', folder, '-c', nginxBackends(folder, BACKENDS)], BACKENDS[0]));
    const child = await started(own, PORT);
    begun.push(child);
    await watch(child.pid ?? 0);
  } finally {
    for (const child of begun) await ended(child);
    supervisor.closeAllConnections();
    supervisor.close();
    rmSync(folder, { recursive: true });
  }
}

/** A line for each so many requests. */
async function watch(pid: number): Promise<void> {
  let done = 0;
  let next = every;
  process.stdout.write('| requests | MB | µs a request |\n| --: | --: | --: |\n');
  while (done < wanted) {
    const before = cpuMs(pid);
    const answered = await saturate(HOME, STEP_S);
    const us = ((cpuMs(pid) - before) / answered) * 1000;
    done += answered;
    if (done < next && done < wanted) continue;
    process.stdout.write(`| ${done} | ${residentMb(pid).toFixed(1)} | ${us.toFixed(0)} |\n`);
    next = done + every;
  }
}

await bench(main);
