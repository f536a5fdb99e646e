/** Folders of tests, which are gone when the file that made them is through. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const made: string[] = [];

/** A new, empty one. */
export function temporary(): string {
  const path = mkdtempSync(join(tmpdir(), 'evenly-'));
  made.push(path);
  return path;
}

/** Removes all that were made since it was called last. */
export function removeTemporary(): void {
  for (const path of made.splice(0)) rmSync(path, { recursive: true, force: true });
}
