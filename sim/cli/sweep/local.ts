/** A sweep on this machine: the runs that are missing, in batches, over all children, until every one is stored. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Made } from '../../../core/provenance.ts';
import { progressBar } from '../progress.ts';
import { tidy } from './claim.ts';
import { ChildLost, crewOf } from './crew.ts';
import type { Crew } from './crew.ts';
import { readText, shardIn } from './folder.ts';
import type { Run } from './plan.ts';
import { say } from './say.ts';
import { onSignal, SIGNAL_EXIT } from './signals.ts';
import type { Ended } from './task.ts';

/** Requests that make a batch worth its message: some 50 ms of simulation. */
const BATCH_REQUESTS = 100_000;
const BATCH_RUNS = 64;
/** Between two looks at runs that another process holds. */
const POLL_MS = 250;
/** Children that a run may take with it before it is given up, since it may be what kills them: by its memory, say. */
const MOST_DEATHS = 3;

/** A run that gave no result, and why. */
export interface Trouble {
  readonly run: Run;
  readonly why: string;
}

/** What came of it. */
export interface Swept {
  readonly ran: number;
  readonly troubles: readonly Trouble[];
}

interface Setting {
  readonly jobs: number;
  readonly folder: string;
  readonly made: Made;
}

/** Runs what is missing on so many children, with a bar; Ctrl-C ends it, and says that it can go on. */
export async function runHere(missing: readonly Run[], setting: Setting): Promise<Swept> {
  const bar = progressBar(missing.reduce((total, { scenario }) => total + scenario.requests, 0));
  const crew = crewOf(Math.min(setting.jobs, missing.length));
  const forget = onSignal(async (signal) => {
    bar.stop();
    await crew.close();
    tidy(setting.folder, () => false);
    say('Ended; what is stored stays, and the same command goes on.');
    process.exit(SIGNAL_EXIT + signal);
  });
  let sent = 0;
  try {
    return await makeAll(missing, crew, setting, (more) => {
      bar.update((sent += more));
    });
  } finally {
    forget();
    bar.stop();
    await crew.close();
  }
}

/** Runs that other processes hold are waited for, and taken over if those die. */
async function makeAll(
  missing: readonly Run[],
  crew: Crew,
  { jobs, folder, made }: Setting,
  progress: (sent: number) => void,
): Promise<Swept> {
  const left = new Map(missing.map((run) => [run.hash, run]));
  const troubles: Trouble[] = [];
  const deaths = new Map<string, number>();
  let ran = 0;
  let waited = false;

  function settle({ hash, how, text = '' }: Ended): void {
    const run = left.get(hash);
    if (!run || how === 'claimed') return;
    left.delete(hash);
    if (how === 'ran') ran++;
    if (how === 'failed') troubles.push({ run, why: text });
  }

  async function perform(runs: readonly Run[]): Promise<void> {
    try {
      for (const ended of await crew.perform({ runs, folder, made }, progress)) settle(ended);
    } catch (error) {
      if (!(error instanceof ChildLost)) throw error;
      mourn(runs, error);
    }
  }

  /** The first run of the batch that is not stored was the child's last. */
  function mourn(runs: readonly Run[], { message }: ChildLost): void {
    const stored = runs.filter((run) => shardIn(readText(folder, run.hash) ?? '', run));
    for (const { hash } of stored) settle({ hash, how: 'ran' });
    const last = runs.find(({ hash }) => left.has(hash));
    if (!last) return;
    const died = (deaths.get(last.hash) ?? 0) + 1;
    deaths.set(last.hash, died);
    if (died < MOST_DEATHS) return;
    settle({ hash: last.hash, how: 'failed', text: `its process ended ${died} times (${message})` });
  }

  while (left.size > 0) {
    const before = left.size + sum(deaths.values());
    const batches = batchesOf([...left.values()], jobs);
    const take = async (): Promise<void> => {
      for (let batch = batches.shift(); batch; batch = batches.shift()) await perform(batch);
    };
    await Promise.all(Array.from({ length: jobs }, take));
    const stuck = left.size > 0 && before === left.size + sum(deaths.values());
    if (!stuck) continue;
    if (!waited) say(`${left.size} runs are another process's; waiting for them.`);
    waited = true;
    await sleep(POLL_MS);
  }
  return { ran, troubles };
}

function sum(counts: Iterable<number>): number {
  return [...counts].reduce((total, count) => total + count, 0);
}

/** Batches that are worth their message, yet small enough at the end that all children finish together. */
function batchesOf(runs: readonly Run[], jobs: number): Run[][] {
  const batches: Run[][] = [];
  let batch: Run[] = [];
  let requests = 0;
  runs.forEach((run, at) => {
    batch.push(run);
    requests += run.scenario.requests;
    const most = Math.min(BATCH_RUNS, Math.ceil((runs.length - at) / (4 * jobs)));
    if (batch.length < most && requests < BATCH_REQUESTS) return;
    batches.push(batch);
    batch = [];
    requests = 0;
  });
  return batch.length > 0 ? [...batches, batch] : batches;
}
