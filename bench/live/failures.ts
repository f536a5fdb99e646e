/**
 * The failure matrix: what a replica's bad day costs under load. A line a fault: requests lost, response times before it
 * and from a moment before it on. `node --import tsx bench/live/failures.ts [--driver docker] [--rate 2000] [gateway flags]`
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { Command } from 'commander';
import { load } from '../../live/load/load.ts';
import type { LoadResult } from '../../live/load/result.ts';
import { faultsOf, stage } from './stage.ts';
import type { DriverName, Fault } from './stage.ts';

const BEFORE_MS = 3000;
const DURING_MS = 3000;
const LEAD_MS = 100;

interface Flags {
  readonly driver: DriverName;
  readonly rate: string;
  readonly faults?: string;
}

async function main(): Promise<void> {
  const command = new Command('failures')
    .option('--driver <name>', 'process or docker', 'process')
    .option('--rate <n>', 'requests a second', '2000')
    .option('--faults <list>', 'only these')
    .allowUnknownOption()
    .allowExcessArguments()
    .parse();
  const { driver, faults, rate } = command.opts<Flags>();
  const rows = (faults?.split(',') as Fault[] | undefined) ?? faultsOf[driver];
  process.stdout.write(`fault    lost      p50 before  during   p99 before  during   tried again  machine\n`);
  for (const fault of rows) process.stdout.write(`${await row(fault, driver, Number(rate), command.args)}\n`);
}

async function row(
  fault: Fault,
  driver: DriverName,
  rate: number,
  flags: readonly string[],
): Promise<string> {
  const stand = await stage(driver, ['--policy', 'least-request', ...flags]);
  const options = { url: `${stand.up.url}/home`, arrivals: `constant(${rate})` };
  try {
    const before = await load({ ...options, durationMs: BEFORE_MS });
    const running = load({ ...options, durationMs: DURING_MS, seed: 7 });
    await sleep(LEAD_MS);
    const [victim] = await stand.replicas();
    await stand.harm(victim, fault);
    const during = await running;
    return line(fault, before, during, await stand.metric('evenly_retries_total'));
  } finally {
    await stand.close();
  }
}

function line(fault: Fault, before: LoadResult, during: LoadResult, retries: number): string {
  const ms = (value: number | null): string => (value ?? NaN).toFixed(1).padStart(8);
  const lost = `${before.failed + during.failed}/${before.sent + during.sent}`;
  const busy = during.fit.ok ? 'fit' : `busy ${(during.fit.machineBusy * 100).toFixed(0)} %`;
  const times = [before.responseMs.p50, during.responseMs.p50, before.responseMs.p99, during.responseMs.p99].map(ms); // prettier-ignore
  return [fault.padEnd(7), lost.padEnd(11), ...times, String(retries).padStart(8), `  ${busy}`].join(' ');
}

await main();
