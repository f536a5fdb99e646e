/**
 * A worker: takes runs from the queue, has its children make them, delivers the results.
 *
 * BullMQ hands out the jobs and gives those of a worker that died to others. What it cannot know, since Redis may lose
 * its memory, a worker repeats: which runs it is making, and what it delivered last.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { UnrecoverableError, WaitingError, Worker } from 'bullmq';
import type { Job } from 'bullmq';
import { InputError } from '../../../../core/input-error.ts';
import { scenarioHash } from '../../../../core/provenance.ts';
import type { Made } from '../../../../core/provenance.ts';
import { scenario as complete } from '../../../../core/scenario.ts';
import { pathsIn, withFiles } from '../../flags.ts';
import { made } from '../../made.ts';
import { ChildLost, crewOf } from '../crew.ts';
import { gridOfOne } from '../plan.ts';
import type { Run } from '../plan.ts';
import { say } from '../say.ts';
import { onSignal, SIGNAL_EXIT } from '../signals.ts';
import { makerKey, PREFIX, QUEUE, resultsKey } from './names.ts';
import type { JobData } from './names.ts';
import { connect } from './redis.ts';

/** How long a delivery is kept in mind: Redis's own log is at most a second behind (appendfsync everysec). */
const REMEMBER_MS = 10_000;
/** How long a result waits to be collected. */
const RESULT_TTL_S = 7 * 24 * 3600;

/** How to work. */
export interface WorkerOptions {
  readonly url: string;
  readonly jobs: number;
  readonly leaseMs: number;
  /** The files that jobs may name. */
  readonly files: readonly string[];
}

const OTHER_VERSION = 2;

interface Delivery {
  readonly key: string;
  readonly hash: string;
  readonly text: string;
  readonly at: number;
}

/** Works until a signal ends it; gives the exit code. */
export async function work({ url, jobs, leaseMs, files }: WorkerOptions): Promise<number> {
  const redis = await connect(url);
  const crew = crewOf(jobs);
  const making = new Set<string>();
  let delivered: Delivery[] = [];
  let ending = false;
  let stop: (code: number) => void = () => undefined;
  const ended = new Promise<number>((resolve) => (stop = resolve));
  onSignal((signal) => {
    stop(SIGNAL_EXIT + signal);
  });
  const me = `${process.pid}`;

  const announce = (hash: string): Promise<unknown> => redis.set(makerKey(hash), me, 'PX', leaseMs);
  const write = ({ key, hash, text }: Delivery): Promise<unknown> =>
    redis.multi().hset(key, hash, text).expire(key, RESULT_TTL_S).exec();

  async function deliver(delivery: Delivery): Promise<void> {
    delivered = [...delivered.filter(({ at }) => performance.now() - at < REMEMBER_MS), delivery];
    await write(delivery);
  }

  /** This worker's own from here on; or not, if another one delivers it meanwhile. */
  async function take({ hash }: Run, key: string): Promise<boolean> {
    for (;;) {
      if ((await redis.hexists(key, hash)) === 1) return false;
      if ((await redis.set(makerKey(hash), me, 'PX', leaseMs, 'NX')) === 'OK') return true;
      await sleep(leaseMs / 10);
    }
  }

  async function perform(job: Job<JobData>, token: string | undefined): Promise<void> {
    const other = otherMaker(job.data.made);
    if (other !== undefined) {
      say(`A sweep on the queue was asked for by ${other}; this worker is at commit ${made().commit}, and would make other bytes.`); // prettier-ignore
      stop(OTHER_VERSION);
      await job.moveToWait(token);
      throw new WaitingError();
    }
    const run = await runOf(job, files);
    const key = resultsKey(job.data.sweep);
    const before = delivered.find(({ hash }) => hash === run.hash);
    if (before) await write(before);
    if (before || !(await take(run, key))) return;
    making.add(run.hash);
    try {
      const begun = performance.now();
      log(`begun ${run.hash}`);
      const [{ how, text = '' }] = await crew.perform({ runs: [run], made: made() });
      if (how === 'failed') throw new Error(text);
      await deliver({ key, hash: run.hash, text, at: performance.now() });
      log(`delivered ${run.hash} ${Math.round(performance.now() - begun)} ms`);
    } catch (error) {
      if (!(error instanceof ChildLost)) throw error;
      if (!ending) throw new Error(`its process ended (${error.message})`, { cause: error });
      await job.moveToWait(token);
      throw new WaitingError();
    } finally {
      making.delete(run.hash);
      await redis.del(makerKey(run.hash));
    }
  }

  const worker = new Worker<JobData>(QUEUE, perform, {
    connection: redis,
    prefix: PREFIX,
    concurrency: jobs,
    lockDuration: leaseMs,
    stalledInterval: leaseMs / 2,
    maxStalledCount: 2,
  });
  worker.on('error', () => undefined); // the connection says itself when Redis is away; a job that it forgot is delivered
  redis.on('ready', () => {
    for (const hash of making) void announce(hash);
    for (const delivery of delivered) void write(delivery);
  });
  const beat = setInterval(() => {
    for (const hash of making) void announce(hash);
  }, leaseMs / 3);

  const code = await ended;
  ending = true;
  clearInterval(beat);
  await crew.close();
  await Promise.race([worker.close(), sleep(leaseMs)]);
  redis.disconnect();
  return code;
}

/** A line a run on stdout: what this worker did. */
function log(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Who asked, if not this very version of the lab; a commit that git cannot tell is taken on trust. */
function otherMaker(asker: Partial<Made> | undefined): string | undefined {
  const { versions = {}, commit = 'unknown' } = asker ?? {};
  const here = made();
  if (versions.evenly !== here.versions.evenly) return `evenly ${versions.evenly}`;
  const known = commit !== 'unknown' && here.commit !== 'unknown';
  return known && commit !== here.commit ? `commit ${commit}` : undefined;
}

/**
 * The run of a job, if it means here what it means where it was asked for. What comes from Redis is not to be trusted:
 * only files that were named on this worker's own command line are ever loaded.
 */
async function runOf({ id, data }: Job<JobData>, files: readonly string[]): Promise<Run> {
  const { run } = data as { run?: Partial<Run> };
  const given = run?.scenario ?? {};
  try {
    const alien = pathsIn(gridOfOne(given)).find((path) => !files.includes(path));
    if (alien !== undefined) throw new InputError(`a worker was not given the file '${alien}' by --files`);
    const own = await withFiles(gridOfOne(given));
    const scenario = complete(given, own.tables);
    const hash = scenarioHash(scenario, own.files);
    if (hash === id) return { hash, scenario };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw new UnrecoverableError(error.message);
  }
  throw new UnrecoverableError('to a worker its scenario, or a file that it names, is another');
}
