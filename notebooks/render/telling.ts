/** Listens to a notebook and keeps what it told: words, charts, claims and records, in order, checked. */
import type { Chart, Notebook, Row, Story } from '../story.ts';

/** A sentence that must hold, and whether it does. */
export interface Claim {
  readonly sentence: string;
  readonly holds: boolean;
}

/** One piece of the page. */
export type Block =
  | { readonly kind: 'words'; readonly markdown: string }
  | { readonly kind: 'chart'; readonly chart: Chart }
  | { readonly kind: 'claim'; readonly claim: Claim };

/** All that a notebook told. */
export interface Telling {
  readonly blocks: readonly Block[];
  readonly records: Readonly<Record<string, unknown>>;
}

/** Lets the notebook tell its story with `lab` at hand. */
export async function listen(notebook: Notebook, lab: unknown): Promise<Telling> {
  const blocks: Block[] = [];
  const records: Record<string, unknown> = {};
  const charts = new Set<string>();
  const story: Story = {
    words: (markdown) => void blocks.push({ kind: 'words', markdown }),
    claim: (sentence, holds) => void blocks.push({ kind: 'claim', claim: { sentence, holds } }),
    chart(chart) {
      checkChart(chart, charts);
      charts.add(chart.id);
      blocks.push({ kind: 'chart', chart });
    },
    record(name, value) {
      if (Object.hasOwn(records, name)) throw new Error(`The record "${name}" is told twice.`);
      records[name] = checkedJson(name, value);
    },
  };
  await notebook.tell(story, lab);
  return { blocks, records };
}

/** The charts among the blocks, in order. */
export function chartsOf(telling: Telling): Chart[] {
  return telling.blocks.flatMap((block) => (block.kind === 'chart' ? [block.chart] : []));
}

/** The claims among the blocks, in order. */
export function claimsOf(telling: Telling): Claim[] {
  return telling.blocks.flatMap((block) => (block.kind === 'claim' ? [block.claim] : []));
}

/** Also for the names of data sets: both become parts of file names. */
const fileName = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

function checkChart({ id, rows, datasets = {} }: Chart, taken: ReadonlySet<string>): void {
  if (!fileName.test(id)) throw new Error(`The chart id "${id}" is not lower-case words joined by hyphens.`);
  if (taken.has(id)) throw new Error(`The chart id "${id}" is taken by an earlier chart.`);
  checkRows(`chart "${id}"`, rows);
  for (const [name, table] of Object.entries(datasets)) {
    if (!fileName.test(name) || name === 'rows') {
      throw new Error(
        `The data set "${name}" of chart "${id}" is not called by lower-case words other than rows.`,
      );
    }
    checkRows(`chart "${id}", data set "${name}"`, table);
  }
}

function checkRows(where: string, rows: readonly Row[]): void {
  if (rows.length === 0) throw new Error(`The ${where} has no rows.`);
  for (const [i, row] of rows.entries()) {
    const bad = Object.keys(row).find((column) => !isCell(row[column]));
    if (bad === undefined) continue;
    throw new Error(
      `The ${where} holds ${String(row[bad])} in row ${i}, column "${bad}": ` +
        'a cell is a string, a finite number, true, false or null.',
    );
  }
}

function isCell(value: unknown): boolean {
  if (typeof value === 'number') return Number.isFinite(value);
  return value === null || typeof value === 'string' || typeof value === 'boolean';
}

/** A copy as JSON keeps it; numbers that JSON would turn into null are an error. */
function checkedJson(name: string, value: unknown): unknown {
  const text = JSON.stringify(value, (key, part: unknown) => {
    if (typeof part !== 'number' || Number.isFinite(part)) return part;
    throw new Error(`The record "${name}" holds ${part} at "${key}", which JSON cannot keep.`);
  }) as string | undefined;
  if (text === undefined) throw new Error(`The record "${name}" is not a JSON value.`);
  return JSON.parse(text) as unknown;
}
