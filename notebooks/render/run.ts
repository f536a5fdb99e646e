/** What stands in `run.json`: enough to run the notebook again and to see whether it still says the same. */
import { chartsOf, claimsOf, type Claim, type Telling } from './telling.ts';
import type { NotebookMeta } from '../story.ts';
import { stamp, type Stamp } from './stamp.ts';

/** The content of `run.json`; no time and no path, so that the same seed gives the same bytes. */
export interface Run extends Stamp, NotebookMeta {
  readonly notebook: string;
  readonly seed: number;
  readonly claims: readonly Claim[];
  readonly charts: readonly { readonly id: string; readonly title: string }[];
  readonly records: Readonly<Record<string, unknown>>;
}

/** Sums a telling up. */
export function runOf(id: string, { title, question }: NotebookMeta, seed: number, telling: Telling): Run {
  return {
    notebook: id,
    title,
    question,
    seed,
    ...stamp(),
    claims: claimsOf(telling),
    charts: chartsOf(telling).map((chart) => ({ id: chart.id, title: chart.title })),
    records: telling.records,
  };
}
