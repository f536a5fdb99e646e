/** A sweep's folder: what it sweeps, and a file a run under the run's hash, each written whole or not at all. */
import { readFileSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { InputError } from '../../../core/input-error.ts';
import { resultHash, stamped } from '../../../core/provenance.ts';
import type { FileHashes, Made, Refusal } from '../../../core/provenance.ts';
import type { Result } from '../../../core/result.ts';
import { makeFolder } from '../make-folder.ts';
import { claimsIn } from './claim.ts';
import type { Plan, Run } from './plan.ts';
import type { Stored } from './row.ts';

/** What `sweep.json` says. */
export interface Told {
  readonly sweep: string;
  readonly runs: number;
  readonly grid: Plan['grid'];
  readonly files: FileHashes;
}

/** A run's text as it is stored: the result, its provenance, and the Node that it ran on, which is no part of it. */
export function shardText(outcome: Result | Refusal, made: Made, files: FileHashes): string {
  return `${JSON.stringify({ ...stamped(outcome, made, files), node: process.versions.node })}\n`;
}

/**
 * The stored run in a text, checked by its hashes.
 * @returns nothing for a text that is not the run's, was cut off, or was changed
 */
export function shardIn(text: string, { hash }: Run): Stored | undefined {
  try {
    const { node, provenance, ...content } = JSON.parse(text) as Stored & { node: string };
    const intact = provenance.scenarioHash === hash && provenance.resultHash === resultHash(content);
    return intact && typeof node === 'string' ? { ...content, provenance } : undefined;
  } catch {
    return undefined;
  }
}

/** Where a run is stored: in 256 folders, since some file systems are slow with 100,000 names in one. */
export function pathOf(folder: string, hash: string): string {
  return join(folder, 'runs', hash.slice(0, 2), `${hash}.json`);
}

/** The text of a stored run, if there is one. */
export function readText(folder: string, hash: string): string | undefined {
  try {
    return readFileSync(pathOf(folder, hash), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Writes a file so that it is there whole or not at all, whatever kills the process; `writer` names its own part. */
export function writeWhole(folder: string, path: string, content: string | Uint8Array, writer: string): void {
  const part = join(claimsIn(folder), `part-${writer}`);
  writeFileSync(part, content);
  try {
    renameSync(part, path);
  } catch {
    makeFolder(dirname(path));
    renameSync(part, path);
  }
}

/**
 * Whether a folder holds this very sweep already; false where there is none yet.
 * @throws InputError when it holds something else
 */
export function holds(folder: string, { sweep, runs }: Plan): boolean {
  const names = namesIn(folder).filter((name) => name !== 'claims'); // before what it says, which may just be written
  const told = toldIn(folder);
  if (told === undefined && names.length > 0) {
    throw new InputError(`'${folder}' is not empty and no sweep's folder; choose another --out.`);
  }
  if (told !== undefined && told.sweep !== sweep) {
    throw new InputError(`'${folder}' holds another sweep, of ${told.runs} runs (${told.sweep.slice(0, 12)}); this one has ${runs.length} (${sweep.slice(0, 12)}).`); // prettier-ignore
  }
  return told !== undefined;
}

/** Writes down what the folder sweeps. */
export function tell(folder: string, { sweep, runs, grid, files }: Plan, writer: string): void {
  const told: Told = { sweep, runs: runs.length, grid, files };
  writeWhole(folder, join(folder, 'sweep.json'), `${JSON.stringify(told, null, 2)}\n`, writer);
}

/** What a folder says that it sweeps; nothing if it says nothing. @throws InputError when that cannot be read */
export function toldIn(folder: string): Told | undefined {
  let text: string;
  try {
    text = readFileSync(join(folder, 'sweep.json'), 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    throw new InputError(`'${folder}' cannot be a sweep's folder (${code}).`);
  }
  try {
    const told = JSON.parse(text) as Told;
    if (typeof told.sweep === 'string' && typeof told.grid === 'object') return told;
  } catch {
    // said below
  }
  throw new InputError(`The sweep.json in '${folder}' cannot be read: it is no sweep's.`);
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
