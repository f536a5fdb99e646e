/**
 * `npm run bench:live`: what a forwarded request costs, for the gateway and for other proxies in turns, in time of the
 * processor that the proxy's process took. Names choose some; SECONDS (4) and ROUNDS (3) set the length.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { load } from '../../live/load/load.ts';
import { bench, interrupted } from './bench.ts';
import { cpuMs, ended, residentMb, started } from './processes.ts';
import { available, installPeers, nginxBackends, proxies } from './proxies.ts';
import type { Proxy } from './proxies.ts';
import { named, refuse } from './refuse.ts';
import { saturate } from './saturate.ts';
import { supervisorOf } from './supervisor.ts';

const seconds = Number(process.env['SECONDS'] ?? 4);
const rounds = Number(process.env['ROUNDS'] ?? 3);
const BACKENDS = [18_101, 18_102, 18_103];
const PORT = 18_100;
const RATE = 2000;
/** Programs that no proxy is measured without. */
const NEEDED = [
  ['nginx', 'the answers'],
  ['wrk', 'the load that saturates'],
] as const;

/** One proxy in one round. */
interface Cost {
  readonly steadyUs: number;
  readonly steadyP50Ms: number;
  readonly fullUs: number;
  readonly fullPerSecond: number;
  readonly residentMb: number;
}

const proxyNames = proxies.map(({ name }) => name);
const names = process.argv.slice(2).map((name) => named('proxy', name, proxyNames));
for (const [program, what] of NEEDED) {
  if ('error' in spawnSync(program, ['-v'], { stdio: 'ignore' }))
    refuse(`'${program}' is not installed, and it makes ${what}: sudo apt-get install ${program}`);
}
const wanted = proxies.filter(({ name }) => names.length === 0 || names.includes(name));
const folder = mkdtempSync(join(tmpdir(), 'evenly-bench-'));
const control = join(folder, 'control.sock');

async function main(): Promise<void> {
  try {
    installPeers(folder);
    const chosen = available(wanted, folder);
    const supervisor = await supervisorOf(BACKENDS, control);
    const backends = await started(
      ['nginx', '-p', folder, '-c', nginxBackends(folder, BACKENDS)],
      BACKENDS[0],
    );
    try {
      print(await inTurns(chosen));
    } finally {
      await ended(backends);
      supervisor.closeAllConnections();
      supervisor.close();
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function inTurns(chosen: readonly Proxy[]): Promise<Map<Proxy, Cost[]>> {
  const costs = new Map<Proxy, Cost[]>(chosen.map((proxy) => [proxy, []]));
  for (let round = 1; round <= rounds; round++) {
    for (const [proxy, found] of costs) {
      process.stderr.write(`round ${round} of ${rounds}: ${proxy.name}\n`);
      found.push(await costOf(proxy));
    }
  }
  return costs;
}

async function costOf(proxy: Proxy): Promise<Cost> {
  const child = await started(proxy.command({ port: PORT, backends: BACKENDS, folder, control }), PORT);
  const pid = child.pid ?? 0;
  const url = `http://127.0.0.1:${PORT}/home`;
  try {
    await saturate(url, 2); // the compiler has its say first
    const before = cpuMs(pid);
    const steady = await load({ url, arrivals: `constant(${RATE})`, ids: 'none', durationMs: seconds * 1000, connections: 64, signal: interrupted }); // prettier-ignore
    interrupted.throwIfAborted();
    const between = cpuMs(pid);
    const full = await saturate(url, seconds);
    const after = cpuMs(pid);
    if (steady.failed > 0) throw new Error(`${proxy.name} failed ${steady.failed} requests`);
    return {
      steadyUs: ((between - before) / steady.ok) * 1000,
      steadyP50Ms: steady.fromSendingMs.p50 ?? NaN,
      fullUs: ((after - between) / full) * 1000,
      fullPerSecond: full / seconds,
      residentMb: residentMb(pid),
    };
  } finally {
    await ended(child);
  }
}

function print(costs: ReadonlyMap<Proxy, readonly Cost[]>): void {
  const lines = [...costs].map(([{ name }, found]) => {
    const of = (field: keyof Cost): number => median(found.map((cost) => cost[field]));
    const micros = [of('steadyUs'), of('fullUs')].map((us) => us.toFixed(0));
    return `| ${[name, ...micros, of('steadyP50Ms').toFixed(2), of('fullPerSecond').toFixed(0), of('residentMb').toFixed(0)].join(' | ')} |`; // prettier-ignore
  });
  const head = ['proxy', `µs at ${RATE}/s`, 'µs saturated', `p50 at ${RATE}/s (ms)`, 'requests/s', 'MB'];
  process.stdout.write(
    `| ${head.join(' | ')} |\n| --- |${' --: |'.repeat(head.length - 1)}\n${lines.join('\n')}\n`,
  );
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}

await bench(main);
