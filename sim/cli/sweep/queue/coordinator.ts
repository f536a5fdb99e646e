/**
 * A sweep over a queue: every missing run is a job whose id is its hash, and results are collected until all are stored.
 *
 * Redis may forget anything at any time. What counts is the folder: whatever is not stored there, and that Redis knows
 * neither as a job nor as a result nor as being made, twice in a row, is queued again.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import type { Made } from '../../../../core/provenance.ts';
import { progressBar } from '../../progress.ts';
import { pathOf, shardIn, writeWhole } from '../folder.ts';
import type { Swept, Trouble } from '../local.ts';
import type { Run } from '../plan.ts';
import { say } from '../say.ts';
import { onSignal, SIGNAL_EXIT } from '../signals.ts';
import { jobKey, makerKey, PREFIX, QUEUE, resultsKey } from './names.ts';
import type { JobData } from './names.ts';

const COLLECT_MS = 100;
const BULK = 500;
/** Starts of a job before it is given up: it may be what kills its workers. */
const ATTEMPTS = 3;

interface Setting {
  readonly folder: string;
  readonly sweep: string;
  readonly made: Made;
  /** This process's name for its unfinished files. */
  readonly writer: string;
  readonly leaseMs: number;
}

/** Has the runs made by workers; gives how many of them it stored. */
export async function runOver(redis: Redis, missing: readonly Run[], setting: Setting): Promise<Swept> {
  const queue = new Queue<JobData>(QUEUE, { connection: redis, prefix: PREFIX });
  queue.on('error', () => undefined); // the connection says itself when Redis is away
  const bar = progressBar(missing.reduce((total, { scenario }) => total + scenario.requests, 0));
  const forget = onSignal((signal) => {
    bar.stop();
    say('Ended; workers go on with what is queued, and the same command collects what they deliver.');
    process.exit(SIGNAL_EXIT + signal);
  });
  try {
    return await coordinate(redis, queue, missing, setting, bar.update);
  } finally {
    forget();
    bar.stop();
    await queue.close();
  }
}

async function coordinate(
  redis: Redis,
  queue: Queue<JobData>,
  missing: readonly Run[],
  { folder, sweep, made, writer, leaseMs }: Setting,
  progress: (requests: number) => void,
): Promise<Swept> {
  const left = new Map(missing.map((run) => [run.hash, run]));
  const troubles: Trouble[] = [];
  let requests = 0;
  let suspects = new Set<string>();

  function settle(run: Run): void {
    left.delete(run.hash);
    progress((requests += run.scenario.requests));
  }

  /** Stores what was delivered. What is not the run that it says it is, is thrown away, and so queued again. */
  async function collect(): Promise<void> {
    const key = resultsKey(sweep);
    let cursor = '0';
    do {
      const [next, fields] = await redis.hscan(key, cursor, 'COUNT', 16);
      for (let i = 0; i < fields.length; i += 2) {
        const run = left.get(fields[i]);
        const intact = run !== undefined && shardIn(fields[i + 1], run) !== undefined;
        if (intact) writeWhole(folder, pathOf(folder, run.hash), fields[i + 1], writer);
        await redis.hdel(key, fields[i]);
        if (intact) settle(run);
      }
      cursor = next;
    } while (cursor !== '0');
  }

  async function enqueue(runs: readonly Run[]): Promise<void> {
    const keep = { attempts: ATTEMPTS, removeOnComplete: true };
    for (let from = 0; from < runs.length; from += BULK) {
      const bulk = runs.slice(from, from + BULK);
      await queue.addBulk(bulk.map((run) => ({ name: 'run', data: { run, sweep, made }, opts: { jobId: run.hash, ...keep } }))); // prettier-ignore
    }
  }

  /** Jobs that failed for good are troubles; those of an earlier sweep get another chance. */
  async function takeFailed(retry: boolean): Promise<void> {
    for (const job of await queue.getFailed()) {
      const run = left.get(job.id ?? '');
      if (!run) continue;
      await job.remove();
      if (retry) continue;
      troubles.push({ run, why: job.failedReason });
      settle(run);
    }
  }

  /** Queues again what Redis has lost; only what it did not know a while ago either, since workers tell now and then. */
  async function mend(): Promise<void> {
    const runs = [...left.values()];
    const asked = redis.pipeline();
    for (const { hash } of runs) asked.exists(jobKey(hash), makerKey(hash)).hexists(resultsKey(sweep), hash);
    const answers = (await asked.exec()) ?? [];
    const known = answers.map(([error, count]) => error !== null || count !== 0);
    const lost = runs.filter((_, i) => !known[2 * i] && !known[2 * i + 1]);
    const again = lost.filter(({ hash }) => suspects.has(hash) && left.has(hash));
    suspects = new Set(lost.map(({ hash }) => hash));
    if (again.length === 0) return;
    say(`Redis has lost ${again.length} runs; they are queued again.`);
    await enqueue(again);
  }

  await collect();
  await takeFailed(true);
  await enqueue([...left.values()]);
  let mended = performance.now();
  while (left.size > 0) {
    try {
      await collect();
      await takeFailed(false);
      if (performance.now() - mended > leaseMs / 2) {
        mended = performance.now();
        await mend();
      }
    } catch (error) {
      if (redis.status === 'ready') throw error;
    }
    await sleep(COLLECT_MS);
  }
  await redis.del(resultsKey(sweep));
  return { ran: missing.length - troubles.length, troubles };
}
