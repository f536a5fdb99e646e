/** A run as one flat row: its hashes, every knob, every figure of its summary, what made it. */
import type { Provenance, Refusal } from '../../../core/provenance.ts';
import type { Result } from '../../../core/result.ts';
import { knobs } from '../../../core/scenario.ts';

/** A cell: figures that do not exist, such as a mean of no responses, are null. */
export type Cell = number | string | boolean | null;

/** The cells by column, in the order of the columns. */
export type Row = Readonly<Record<string, Cell>>;

/** What a run came to, with its provenance. */
export type Stored = (Result | Refusal) & { readonly provenance: Provenance };

/** The columns that say what made a row; all others repeat wherever the same scenario is run. */
export const MADE_BY = ['evenly', 'commit'] as const;

/** The row. Figures are named by their path in the summary, `responseMs.p99`; a knob of the same name goes first. */
export function rowOf(stored: Stored): Row {
  const { scenario, provenance } = stored;
  const figures = 'refusal' in stored ? [] : leaves(stored.summary, '');
  const named = figures.map(([name, cell]) => [Object.hasOwn(knobs, name) ? `summary.${name}` : name, cell]);
  return {
    scenarioHash: provenance.scenarioHash,
    ...scenario,
    ...(Object.fromEntries(named) as Row),
    refusal: 'refusal' in stored ? stored.refusal : null,
    resultHash: provenance.resultHash,
    evenly: provenance.versions.evenly,
    commit: provenance.commit,
  };
}

/** The columns of all rows, each where the first row that has it puts it: after the column before it. */
export function columnsOf(rows: readonly Row[]): string[] {
  const columns: string[] = [];
  const known = new Set<string>();
  for (const row of rows) {
    const names = Object.keys(row);
    names.forEach((name, i) => {
      if (known.has(name)) return;
      known.add(name);
      columns.splice(i === 0 ? 0 : columns.indexOf(names[i - 1]) + 1, 0, name);
    });
  }
  return columns;
}

function leaves(value: unknown, path: string): [string, Cell][] {
  if (value === undefined) return [];
  if (value === null || typeof value !== 'object') return [[path, value as Cell]];
  const under = path === '' ? '' : `${path}.`;
  return Object.entries(value).flatMap(([name, part]) => leaves(part, `${under}${name}`));
}
