/** Hash functions from files of the user's own: wherever a name is legal, so is a path. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ownHash } from '../../core/hash/own.ts';
import type { OwnFunction } from '../../core/hash/own.ts';
import { InputError } from '../../core/input-error.ts';
import type { Tables } from '../../core/tables.ts';

/** Whether a spec means a file: it has a slash, or ends as a module does. */
export function isPath(spec: string): boolean {
  return /[\\/]|\.[cm]?[jt]s$/.test(spec);
}

/**
 * The tables with an entry for every path among the specs, under the path as it was typed.
 * @throws InputError when a file is missing, does not load, or exports no function
 */
export async function withOwnHashes(tables: Tables, specs: readonly string[]): Promise<Tables> {
  let { hashes } = tables;
  for (const path of new Set(specs.filter(isPath))) hashes = hashes.with(ownHash(path, await load(path)));
  return { ...tables, hashes };
}

async function load(path: string): Promise<OwnFunction> {
  const file = resolve(path);
  if (!existsSync(file)) throw new InputError(`There is no file '${path}' to take a hash function from.`);
  let exported: Record<string, unknown>;
  try {
    exported = (await import(pathToFileURL(file).href)) as Record<string, unknown>;
  } catch (error) {
    const [reason] = String(error instanceof Error ? error.message : error).split('\n');
    throw new InputError(`'${path}' does not load: ${reason}`);
  }
  const found = [exported.default, ...Object.values(exported)].find((value) => typeof value === 'function');
  if (found) return found as OwnFunction;
  const names = Object.keys(exported).join(', ') || 'nothing';
  throw new InputError(
    `'${path}' exports ${names}, but no function; write: export default (key, seed) => number.`,
  );
}
