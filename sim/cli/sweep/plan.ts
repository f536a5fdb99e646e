/** A sweep as a list of runs, each under its hash; and the part of it that `--shard i/n` means. */
import { InputError } from '../../../core/input-error.ts';
import { scenarioHash, sha256Hex } from '../../../core/provenance.ts';
import type { FileHashes } from '../../../core/provenance.ts';
import type { Scenario } from '../../../core/scenario.ts';
import type { Tables } from '../../../core/tables.ts';
import { scenariosOf } from '../../sweep.ts';
import type { Grid } from '../../sweep.ts';

/** One scenario with its seed: what is stored, claimed and queued, under this hash. */
export interface Run {
  readonly hash: string;
  readonly scenario: Scenario;
}

/** Everything that a sweep is to run, in the order of its rows. */
export interface Plan {
  /** SHA-256 of the hashes of all runs: sweeps of one name have the same rows. */
  readonly sweep: string;
  readonly grid: Grid;
  readonly files: FileHashes;
  readonly runs: readonly Run[];
}

/** A scenario as the grid of itself alone. */
export function gridOfOne(scenario: Readonly<Record<string, string | number>>): Grid {
  return Object.fromEntries(Object.entries(scenario).map(([field, value]) => [field, [value]]));
}

/**
 * The runs of a grid; a scenario that it names twice is one run.
 * @throws InputError for the first value that is not legal
 */
export function planOf({ grid, tables, files }: { grid: Grid; tables: Tables; files: FileHashes }): Plan {
  const byHash = new Map<string, Run>();
  for (const scenario of scenariosOf(grid, tables)) {
    const hash = scenarioHash(scenario, files);
    if (!byHash.has(hash)) byHash.set(hash, { hash, scenario });
  }
  const sweep = sha256Hex([...byHash.keys()].join('\n'));
  return { sweep, grid, files, runs: [...byHash.values()] };
}

/**
 * Every n-th run from the i-th on, for `i/n`: neighbours in a grid take about as long, so that the shares are even.
 * @throws InputError unless 1 <= i <= n
 */
export function shardOf(runs: readonly Run[], text: string): Run[] {
  const [, i, n] = /^(\d{1,9})\/(\d{1,9})$/.exec(text) ?? [];
  if (!(Number(i) >= 1 && Number(i) <= Number(n))) {
    throw new InputError(`--shard is '${text}', but must be i/n with i from 1 to n, such as 2/8.`);
  }
  return runs.filter((_, at) => at % Number(n) === Number(i) - 1);
}
