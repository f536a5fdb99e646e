/** A sweep: every combination of the values given for each knob, one run after the other. */
import { InputError } from '../core/input-error.ts';
import type { Refusal } from '../core/provenance.ts';
import type { Result } from '../core/result.ts';
import { scenario } from '../core/scenario.ts';
import type { Scenario, Value } from '../core/scenario.ts';
import { tables as labTables } from '../core/tables.ts';
import type { Tables } from '../core/tables.ts';
import { simulate } from './run.ts';
import type { Keep } from './paired.ts';
import type { Progress } from './run.ts';

/** More runs than one process is to hold the results of. */
const MOST_RUNS = 100_000;

/** Values to try, by knob; a knob that is left out keeps the lab's default. */
export type Grid = Readonly<Partial<Record<keyof Scenario, readonly Value[]>>>;

/**
 * The scenarios of a grid, the last knob turning fastest. All are checked before any runs.
 * @throws InputError for the first value that is not legal
 */
export function scenariosOf(grid: Grid, tables: Tables = labTables): Scenario[] {
  const runs = Object.values(grid).reduce((product, values) => product * values.length, 1);
  if (runs > MOST_RUNS) {
    throw new InputError(`The lists and ranges make ${runs} runs together; ${MOST_RUNS} is the most.`);
  }
  const combinations = Object.entries(grid).reduce<Record<string, Value>[]>(
    (rows, [knob, values]) => rows.flatMap((row) => values.map((value) => ({ ...row, [knob]: value }))),
    [{}],
  );
  return combinations.map((given) => scenario(given as Partial<Scenario>, tables));
}

/** Runs the scenarios in order; progress counts the requests of all. */
export function sweep(
  scenarios: readonly Scenario[],
  tables: Tables = labTables,
  progress?: Progress,
  keep?: Keep,
): Result[] {
  let before = 0;
  return scenarios.map((one) => {
    const result = simulate(one, tables, (sent) => progress?.(before + sent), keep);
    before += one.requests;
    progress?.(before);
    return result;
  });
}

/** One run whose failure to be possible is an outcome too, so that a corner of a grid does not spoil the rest. */
export function attempt(one: Scenario, tables: Tables = labTables, progress?: Progress): Result | Refusal {
  try {
    return sweep([one], tables, progress)[0];
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return { engine: 'sim', scenario: one, refusal: error.message };
  }
}
