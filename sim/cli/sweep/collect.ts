/** What a folder holds of a sweep: which runs are stored and intact, and their rows when all are. */
import type { Run } from './plan.ts';
import { readText, shardIn } from './folder.ts';
import { rowOf } from './row.ts';
import type { Row } from './row.ts';

/** The state of a sweep's runs in its folder. */
export interface Held {
  readonly missing: readonly Run[];
  /** Among the missing, those whose files were there but not what their hashes say. */
  readonly corrupt: readonly Run[];
  /** The rows of those that are there, in the order of the plan. */
  readonly rows: readonly Row[];
  /** Of other versions of the lab than the one given: version and commit. */
  readonly makers: ReadonlySet<string>;
}

/** Reads and checks every run of a plan. */
export function heldIn(folder: string, runs: readonly Run[]): Held {
  const missing: Run[] = [];
  const corrupt: Run[] = [];
  const rows: Row[] = [];
  const makers = new Set<string>();
  for (const run of runs) {
    const text = readText(folder, run.hash);
    const stored = text === undefined ? undefined : shardIn(text, run);
    if (stored) {
      rows.push(rowOf(stored));
      makers.add(`evenly ${stored.provenance.versions.evenly} at commit ${stored.provenance.commit}`);
      continue;
    }
    missing.push(run);
    if (text !== undefined) corrupt.push(run);
  }
  return { missing, corrupt, rows, makers };
}
