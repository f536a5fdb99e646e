/** Finds notebooks, lets them tell their stories, and writes their folders and the front page. */
import { accessSync, constants, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { InputError, unknownName } from '../core/input-error.ts';
import { makeFolder, unwritable } from '../sim/cli/make-folder.ts';
import { draw, type Drawing } from './render/chart.ts';
import { replaceFolder } from './render/folder.ts';
import { frontPage } from './render/front.ts';
import { notebookPage } from './render/page.ts';
import { runOf, type Run } from './render/run.ts';
import { chartsOf, listen } from './render/telling.ts';
import type { Notebook } from './story.ts';

/** What `report` needs beside the names of notebooks. */
export interface ReportOptions {
  /** Folder of the reports. */
  readonly out: string;
  readonly seed: number;
  /** Makes what notebooks run experiments with; handed on unseen. */
  readonly lab: (seed: number) => unknown;
  /** Folder of the notebooks; this one unless told. */
  readonly from?: string;
}

const here = fileURLToPath(new URL('.', import.meta.url));
const notNotebooks = new Set(['cli.ts', 'lab.ts', 'live-lab.ts', 'story.ts', 'wording.ts']);

/** Writes the reports of the notebooks (all of them when none is named); 0, or 1 when one fails or a claim does not hold. */
export async function report(ids: readonly string[], options: ReportOptions): Promise<number> {
  const chosen = chooseNotebooks(ids, options.from);
  prepare(options.out);
  let failures = 0;
  for (const id of chosen) failures += await reportOne(id, options);
  const front = join(options.out, 'index.html');
  writeFileSync(`${front}.part`, await frontPage(options.out));
  renameSync(`${front}.part`, front);
  process.stdout.write(`${front}\n`);
  return failures > 0 ? 1 : 0;
}

/** @throws InputError when nothing can be written there */
function prepare(out: string): void {
  try {
    makeFolder(out);
    accessSync(out, constants.W_OK);
  } catch (error) {
    throw unwritable(out, error);
  }
}

/** Every notebook's id, which is its file's name, in order. */
export function notebookIds(from = here): string[] {
  return readdirSync(from)
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts') && !notNotebooks.has(name))
    .map((name) => name.slice(0, -'.ts'.length))
    .sort(new Intl.Collator('en', { numeric: true }).compare);
}

/** Ids for what a user typed: a whole id, or the beginning of exactly one. */
export function chooseNotebooks(typed: readonly string[], from = here): string[] {
  const all = notebookIds(from);
  if (typed.length === 0) return all;
  const chosen = new Set(typed.map((text) => chooseNotebook(text, all)));
  return all.filter((id) => chosen.has(id));
}

function chooseNotebook(typed: string, all: readonly string[]): string {
  const begun = all.filter((id) => typed !== '' && id.startsWith(typed));
  // `a1` is the notebook numbered a1, though a10 begins so too.
  const whole = begun.filter((id) => id === typed || id.startsWith(`${typed}-`));
  const found = whole.length > 0 ? whole : begun;
  if (all.includes(typed)) return typed;
  if (found.length === 1) return found[0];
  if (found.length > 1)
    throw new InputError(`"${typed}" begins more than one notebook: ${found.join(', ')}.`);
  throw unknownName('notebook', typed, all);
}

/** One notebook from its file to its folder; gives the number of failures. */
async function reportOne(id: string, options: ReportOptions): Promise<number> {
  const started = performance.now();
  if (process.stderr.isTTY) process.stderr.write(`${id} …`);
  try {
    const run = await writeNotebook(id, options);
    narrate(`${id}: ${summary(run)}, ${((performance.now() - started) / 1000).toFixed(1)} s`);
    const broken = run.claims.filter((claim) => !claim.holds);
    for (const { sentence } of broken) narrate(`${id}: the claim fails: ${sentence}`);
    return broken.length;
  } catch (error) {
    narrate(`${id} stopped, and nothing of it was written: ${reason(error)}`);
    return 1;
  }
}

async function writeNotebook(id: string, { from = here, out, seed, lab }: ReportOptions): Promise<Run> {
  const notebook = await load(id, from);
  const telling = await listen(notebook, lab(seed));
  const run = runOf(id, notebook, seed, telling);
  const drawings: Drawing[] = [];
  for (const chart of chartsOf(telling)) drawings.push(await draw(chart));
  const files = new Map<string, string | Buffer>(drawings.flatMap((drawing) => [...drawing.files]));
  files.set('run.json', JSON.stringify(run, null, 2) + '\n');
  files.set('index.html', await notebookPage(run, telling.blocks, drawings));
  await replaceFolder(join(out, id), files);
  return run;
}

async function load(id: string, from: string): Promise<Notebook> {
  const file = pathToFileURL(join(from, `${id}.ts`)).href;
  const { default: found } = (await import(file)) as { default?: Partial<Notebook> };
  if (typeof found?.tell === 'function') return found as Notebook;
  throw new Error(`its default export is not a notebook({ title, question }, tell).`);
}

function summary({ charts, claims }: Run): string {
  const held = claims.filter((claim) => claim.holds).length;
  return `${charts.length} ${charts.length === 1 ? 'chart' : 'charts'}, ${held} of ${claims.length} claims hold`;
}

/** One sentence, or all of it for who asks. */
function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return process.env['DEBUG'] ? (error.stack ?? error.message) : (error.message.split('\n')[0] ?? '');
}

/** A line of its own, in the place of the one that a terminal shows meanwhile. */
function narrate(line: string): void {
  process.stderr.write(`${process.stderr.isTTY ? '\r\x1b[K' : ''}${line}\n`);
}
