/** What a notebook is: a title, a question, and a function that tells the story in order. */
import type { NonNormalizedSpec } from 'vega-lite/types_unstable/spec/index.js';
import type { TopLevelProperties } from 'vega-lite/types_unstable/spec/toplevel.js';

/** One value of a table. */
export type Cell = string | number | boolean | null;

/** One line of a table: a flat object. */
export type Row = Readonly<Record<string, Cell>>;

/** A Vega-Lite spec without `data`, `config` and `$schema`: the page adds the rows and the theme. */
export type ChartSpec = NonNormalizedSpec & Pick<TopLevelProperties, 'params' | 'padding' | 'background'>;

/** A figure, and the table it is drawn from. */
export interface Chart {
  /** Names the files `<id>.svg`, `.png`, `.vl.json` and `.csv`: lower case, digits and hyphens. */
  readonly id: string;
  /** What it shows, as a sentence; printed on the chart, wrapped to its width. */
  readonly title: string;
  /** Smaller, under the title: units, sample, settings. */
  readonly subtitle?: string;
  /** Markdown: what to see. */
  readonly caption: string;
  readonly spec: ChartSpec;
  /** The data set named `rows`, which the spec draws unless it says otherwise. */
  readonly rows: readonly Row[];
  /** More tables, for layers that say `data: { name: … }`. */
  readonly datasets?: Readonly<Record<string, readonly Row[]>>;
  /** Of the plot area in px, for specs that do not say it themselves. */
  readonly width?: number;
  readonly height?: number;
}

/** What a notebook tells its story with; each call adds to the page, in order. */
export interface Story {
  /** Adds markdown. Markup in it is shown, not obeyed. */
  words(markdown: string): void;
  chart(chart: Chart): void;
  /** States something that must hold: if not, the page says so and the command fails. */
  claim(sentence: string, holds: boolean): void;
  /** Keeps a JSON value in `run.json` under `name`. */
  record(name: string, value: unknown): void;
}

/** What the page is called, and the one sentence that it answers. */
export interface NotebookMeta {
  readonly title: string;
  readonly question: string;
}

/** The default export of a notebook's file. `lab` is what the caller of `report` runs experiments with. */
export interface Notebook<Lab = unknown> extends NotebookMeta {
  tell(story: Story, lab: Lab): void | Promise<void>;
}

/** Makes a notebook: `export default notebook<Lab>({ title, question }, async (story, lab) => { … })`. */
export function notebook<Lab = unknown>(meta: NotebookMeta, tell: Notebook<Lab>['tell']): Notebook<Lab> {
  return { ...meta, tell };
}
