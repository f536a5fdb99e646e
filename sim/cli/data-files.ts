/** Measured data from files of the user's own: wherever a process, a law or keys are named, a path is as good. */
import { readFileSync } from 'node:fs';
import { InputError } from '../../core/input-error.ts';
import { recordedArrivals, recordedKeys } from '../../core/random/recorded.ts';
import { measured } from '../../core/random/service/measured.ts';
import type { Scenario } from '../../core/scenario.ts';
import type { Tables } from '../../core/tables.ts';
import type { Key } from '../../core/types.ts';
import type { Grid } from '../sweep.ts';

/** The knobs that take a law of times. */
const LAWS: readonly (keyof Scenario)[] = ['service', 'network', 'patience', 'backoff', 'mtbf', 'mttr'];

/** A file, and the first flag that names it. */
interface DataFile {
  readonly path: string;
  readonly flag: string;
}

/** The paths that a grid names as data, each once. */
export function dataPaths(grid: Grid): string[] {
  return files(grid, ['arrivals', ...LAWS, 'keys']).map(({ path }) => path);
}

/**
 * The tables with an entry for every file among the grid's arrivals, laws and keys, under the path as it was typed.
 * @throws InputError for a file that cannot be read or a line that is not what it must be
 */
export function withData(tables: Tables, grid: Grid): Tables {
  let { arrivals, keys, services } = tables;
  for (const file of files(grid, ['arrivals']))
    arrivals = arrivals.with(recordedArrivals(file.path, times(file)));
  for (const file of files(grid, LAWS)) services = services.with(measured(file.path, durations(file)));
  for (const file of files(grid, ['keys'])) keys = keys.with(recordedKeys(file.path, keysIn(file)));
  return { ...tables, arrivals, keys, services };
}

/** Each once. A path has a slash or a suffix, and no bracket behind it. */
function files(grid: Grid, fields: readonly (keyof Scenario)[]): DataFile[] {
  const flags = new Map<string, string>();
  for (const flag of fields)
    for (const path of (grid[flag] ?? []).map(String))
      if (/[\\/]|\.[a-z]\w*$/i.test(path) && !path.endsWith(')') && !flags.has(path)) flags.set(path, flag);
  return [...flags].map(([path, flag]) => ({ path, flag }));
}

/** Lines without their ends; the last may have none. */
function linesOf({ path, flag }: DataFile, what: string): string[] {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new InputError(`--${flag}: '${path}' cannot be read for ${what}: ${reason}.`);
  }
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  if (lines.at(-1) === '') lines.pop();
  if (lines.length === 0)
    throw new InputError(`--${flag}: '${path}' is empty, but must have ${what}, a line each.`);
  return lines;
}

/** Names of columns: begins with a letter, is no number that is none, and can be printed. */
const HEADING = /^"?(?!nan\b|infinity\b)[a-z_](?:[^\p{Cc}\ufffd]|\t)*$/iu;

/** The numbers of the first column; a first line that begins with a letter names the columns. */
function numbersIn(
  file: DataFile,
  what: string,
  legal: (value: number, before: number) => string | null,
): number[] {
  const lines = linesOf(file, what);
  const { flag, path } = file;
  const from = HEADING.test(lines[0]) ? 1 : 0;
  if (lines.length === from)
    throw new InputError(`--${flag}: '${path}' has a heading alone, but must have ${what}.`);
  const values: number[] = [];
  for (let i = from; i < lines.length; i++) {
    const [text] = lines[i].split(/[,;\t ]/);
    const value = text === '' ? NaN : Number(text);
    const wrong = Number.isFinite(value) ? legal(value, values.at(-1) ?? 0) : 'must begin with a number';
    if (wrong !== null)
      throw new InputError(
        `--${flag}: '${path}' has '${printable(lines[i])}' in line ${i + 1}, which ${wrong}.`,
      );
    values.push(value);
  }
  return values;
}

const printable = (line: string): string => line.slice(0, 60).replace(/[\p{Cc}\ufffd]/gu, '?');

/** Times of arrival in ms from 0 on. */
function times(file: DataFile): number[] {
  return numbersIn(file, 'times of arrival in ms', (value, before) => {
    if (value < 0) return 'is before 0, where the run begins';
    return value < before ? `goes back behind ${before}; times must not fall` : null;
  });
}

/** Times that something took, in ms. */
function durations(file: DataFile): number[] {
  const values = numbersIn(file, 'times in ms', (value) => (value < 0 ? 'must not be negative' : null));
  if (values.some((value) => value > 0)) return values;
  throw new InputError(
    `--${file.flag}: '${file.path}' has no time above 0 ms, so it has no mean to serve by.`,
  );
}

/** Keys, a line each; decimal integers are the numbers, as generated ids are. */
function keysIn(file: DataFile): Key[] {
  return linesOf(file, 'keys').map((line, i) => {
    if (line === '')
      throw new InputError(`--${file.flag}: '${file.path}' has an empty key in line ${i + 1}.`);
    return /^(0|[1-9]\d{0,14})$/.test(line) ? Number(line) : line;
  });
}
