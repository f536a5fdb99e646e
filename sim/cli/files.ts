/** Hashes of the files that a scenario names: a result is repeatable only over the same contents. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { InputError } from '../../core/input-error.ts';
import type { FileHashes } from '../../core/provenance.ts';

/** SHA-256 of each file's contents, by path in order. What a file imports in its turn is not looked at. */
export function fileHashes(paths: readonly string[]): FileHashes {
  const sorted = [...new Set(paths)].sort();
  return Object.fromEntries(sorted.map((path) => [path, sha256File(path)]));
}

function sha256File(path: string): string {
  try {
    return createHash('sha256').update(readFileSync(path)).digest('hex');
  } catch (error) {
    throw new InputError(
      `'${path}' cannot be read: ${error instanceof Error ? error.message : String(error)}.`,
    );
  }
}
