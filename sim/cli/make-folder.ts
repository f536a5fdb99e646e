/** Folders, made one below the other: Node's recursive way never ends where a file cannot be made in a folder that is there, as in /proc. */
import { existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { InputError } from '../../core/input-error.ts';

/** Makes a folder and those above it that are not there. @throws what the system says of the first that cannot be made */
export function makeFolder(path: string): void {
  const missing: string[] = [];
  for (let at = resolve(path); !existsSync(at); at = dirname(at)) missing.unshift(at);
  for (const folder of missing.length === 0 ? [path] : missing) makeOne(folder);
}

/** Another process may have made it meanwhile. */
function makeOne(folder: string): void {
  try {
    mkdirSync(folder);
  } catch (error) {
    if (!existsSync(folder) || !statSync(folder).isDirectory()) throw error;
  }
}

/** What a user is told of a folder in which nothing can be written. */
export function unwritable(folder: string, error: unknown): InputError {
  const { code } = error as NodeJS.ErrnoException;
  return new InputError(`Nothing can be written to '${folder}' (${code}); choose another --out.`);
}
