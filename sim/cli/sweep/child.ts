/** A process that simulates: it claims, runs and stores what its parent gives it, and does not outlive its parent. */
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { attempt } from '../../sweep.ts';
import type { Grid } from '../../sweep.ts';
import { pathsIn, withFiles } from '../flags.ts';
import { openHolder } from './claim.ts';
import type { Holder } from './claim.ts';
import { pathOf, readText, shardIn, shardText, writeWhole } from './folder.ts';
import { gridOfOne } from './plan.ts';
import type { Run } from './plan.ts';
import type { Answer, Ended, Task } from './task.ts';

/** Between two messages about progress. */
const TELL_MS = 100;

const parent = process.ppid;
let sent = 0;
let told = performance.now();
let holder: Holder | undefined;

process.on('disconnect', leave);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined); // the parent decides
process.on('message', (task: Task) => {
  void perform(task).then((ended) => {
    tell(true);
    say({ ended });
  });
});

function leave(): never {
  holder?.close();
  process.exit();
}

function say(answer: Answer): void {
  process.send?.(answer);
}

/** Progress, a heartbeat, and a look whether the parent lives: a run in progress hears no events. */
function tell(now = false): void {
  holder?.beat();
  if (!now && performance.now() - told < TELL_MS) return;
  if (process.ppid !== parent) leave();
  if (sent > 0) say({ sent });
  sent = 0;
  told = performance.now();
}

async function perform({ runs, folder, made }: Task): Promise<Ended[]> {
  if (folder !== undefined) holder ??= openHolder(folder);
  const ended: Ended[] = [];
  for (const run of runs) {
    tell();
    try {
      ended.push(
        await (folder === undefined || !holder ? give(run, made) : store(run, made, folder, holder)),
      );
    } catch (error) {
      ended.push({
        hash: run.hash,
        how: 'failed',
        text: error instanceof Error ? error.message : String(error),
      });
    }
  }
  return ended;
}

async function give(run: Run, made: Task['made']): Promise<Ended> {
  return { hash: run.hash, how: 'ran', text: await textOf(run, made) };
}

/** Stored before, or claimed by another; else claimed, looked for once more, run, stored. */
async function store(run: Run, made: Task['made'], folder: string, me: Holder): Promise<Ended> {
  const { hash } = run;
  if (isStored(folder, run)) return { hash, how: 'stored' };
  const claim = me.claim(hash);
  if (!claim) return { hash, how: isStored(folder, run) ? 'stored' : 'claimed' };
  if (isStored(folder, run)) {
    claim.settle();
    return { hash, how: 'stored' };
  }
  try {
    const begun = performance.now();
    note(folder, { run: hash, event: 'begun' });
    const text = await textOf(run, made);
    writeWhole(folder, pathOf(folder, hash), text, me.id);
    note(folder, { run: hash, event: 'stored', ms: Math.round(performance.now() - begun) });
  } catch (error) {
    claim.release();
    throw error;
  }
  claim.settle();
  return { hash, how: 'ran' };
}

/** What is not intact counts as not there, and is written over. */
function isStored(folder: string, run: Run): boolean {
  const text = readText(folder, run.hash);
  return text !== undefined && shardIn(text, run) !== undefined;
}

/** Who did what when: for people, never read again. A line this short is appended whole. */
function note(folder: string, line: object): void {
  const entry = { at: new Date().toISOString(), pid: process.pid, ...line };
  appendFileSync(join(folder, 'journal.ndjson'), `${JSON.stringify(entry)}\n`);
}

/** The run's text; progress counts what the simulator says it sent, and in the end all that was asked. */
async function textOf({ scenario }: Run, made: Task['made']): Promise<string> {
  const grid = gridOfOne(scenario);
  const { tables, files } = await loaded(grid);
  let counted = 0;
  const outcome = attempt(scenario, tables, (total) => {
    sent += total - counted;
    counted = total;
    tell();
  });
  sent += scenario.requests - counted;
  return shardText(outcome, made, files);
}

type Loaded = Awaited<ReturnType<typeof withFiles>>;
let last: { key: string; loaded: Loaded } | undefined;

/** Files are read once for runs in a row that name the same. */
async function loaded(grid: Grid): Promise<Loaded> {
  const key = JSON.stringify(pathsIn(grid));
  if (last?.key !== key) last = { key, loaded: await withFiles(grid) };
  return last.loaded;
}
