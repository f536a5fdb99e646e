/** A round of the stress: some hundred requests through a gateway to replicas that fail in every way, and what was wrong with it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { Agent } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { stream } from '../../../core/random/stream.ts';
import { gatewayConfig } from '../../../live/gateway/config.ts';
import { listen } from '../../../live/gateway/listener.ts';
import { assemble, dismantle } from '../../../live/gateway/parts.ts';
import { ask } from './client.ts';
import type { End } from './client.ts';
import { Fleet } from './fleet.ts';
import { leftIn, unpaired, wrongWith } from './judge.ts';
import { REPLICAS, knobsOf, planOf } from './plan.ts';
import type { Weather } from './plan.ts';
import { replica } from './replica.ts';

const CLIENTS = 40;
/** Percent of requests: nothing is lost for want of retries, of which more than 100 cannot be asked for otherwise. */
const ENOUGH = 100 * REPLICAS;
/** Until nothing is left of the last request. */
const SETTLE_MS = 30_000;

export interface Round {
  readonly seed: number;
  readonly requests: number;
  readonly weather: Weather;
}

export interface Outcome {
  /** What was wrong, a line each. */
  readonly findings: readonly string[];
  /** How many requests ended how. */
  readonly ends: Readonly<Record<string, number>>;
}

/** Runs one. */
export async function stressed({ seed, requests, weather }: Round): Promise<Outcome> {
  const directory = mkdtempSync(join(tmpdir(), 'evenly-stress-'));
  const record = join(directory, 'events.ndjson');
  const sent = new Map<string, number>();
  const count = (id: string): unknown => sent.set(id, (sent.get(id) ?? 0) + 1);
  const replicas = await Promise.all(Array.from({ length: REPLICAS }, (_, index) => replica(index, count)));
  const quiet = { control: join(directory, 'none.sock'), logLevel: 'silent', record } as const;
  const config = { ...gatewayConfig({ ...quiet, ...knobsOf(seed, weather) }), retryBudget: ENOUGH };
  const parts = assemble(config);
  const fleet = new Fleet(parts, replicas);
  const url = await listen(parts.clients.server, { host: '127.0.0.1', port: 0 }, 'listen');
  const agent = new Agent({ keepAlive: true, maxSockets: 1.5 * CLIENTS });

  const over = new AbortController();
  const happening = fleet.suffer(weather, stream(seed, 'failures'), over.signal);
  const ends: End[] = [];
  let next = 0;
  const client = async (): Promise<void> => {
    while (next < requests) ends.push(await ask(url, agent, planOf(seed, next++)));
  };
  await Promise.all(Array.from({ length: CLIENTS }, client));
  over.abort();
  await happening;
  agent.destroy();

  const left = (): string[] => leftIn(parts, fleet.pools);
  const giveUpMs = performance.now() + SETTLE_MS;
  while (left().length > 0 && performance.now() < giveUpMs) await sleep(10);
  // where connections are few, those that hang take them from the others: a limit, and no replica is sound then
  const strict = weather === 'calm' && config.connections > CLIENTS;
  const wrong = ends.map((end) => wrongWith(end, sent.get(end.plan.id) ?? 0, strict, config.holdBytes));
  const findings = [...wrong.filter((line) => line !== ''), ...left()];
  await parts.clients.close(0);
  parts.control.close();
  await dismantle(parts);
  await Promise.all(replicas.map((one) => one.close()));
  findings.push(...unpaired(record));
  rmSync(directory, { recursive: true });
  return { findings, ends: tally(ends) };
}

function tally(ends: readonly End[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { how, status } of ends) {
    const what = status > 0 ? `${how} ${status}` : how;
    counts[what] = (counts[what] ?? 0) + 1;
  }
  return counts;
}
