/** A chart of a story as files: a complete Vega-Lite spec, SVG, PNG, and the rows as CSV. */
import { csvFormat } from 'd3-dsv';
import stringify from 'json-stringify-pretty-compact';
import type { TopLevelSpec } from 'vega-lite';
import type { Chart, Row } from '../story.ts';
import { wrap } from './font.ts';
import { plainText } from './html.ts';
import { toPng } from './png.ts';
import { svgWidth, toSvg } from './svg.ts';
import { theme } from './theme.ts';

/** A chart, drawn. */
export interface Drawing {
  readonly chart: Chart;
  /** The standalone spec: schema, theme, and the rows inline. */
  readonly spec: TopLevelSpec;
  readonly svg: string;
  readonly label: string;
  /** File name to content. */
  readonly files: ReadonlyMap<string, string | Buffer>;
}

/** Draws a chart in every format. */
export async function draw(chart: Chart): Promise<Drawing> {
  try {
    return await drawn(chart);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`The chart "${chart.id}" cannot be drawn: ${why}`, { cause: error });
  }
}

async function drawn(chart: Chart): Promise<Drawing> {
  const label = `${chart.title} ${plainText(chart.caption)}`;
  const spec = await titled(chart, completeSpec(chart, label));
  const svg = await toSvg(spec, label);
  const files = new Map<string, string | Buffer>([
    [`${chart.id}.svg`, svg + '\n'],
    [`${chart.id}.png`, toPng(svg)],
    [`${chart.id}.vl.json`, stringify(spec, { maxLength: 160 }) + '\n'],
    [`${chart.id}.csv`, csvFormat(chart.rows as Row[]) + '\n'],
  ]);
  for (const [name, rows] of Object.entries(chart.datasets ?? {})) {
    files.set(`${chart.id}-${name}.csv`, csvFormat(rows as Row[]) + '\n');
  }
  return { chart, spec, svg, label, files };
}

/** The spec with all that it needs to be drawn elsewhere. */
function completeSpec(chart: Chart, description: string): TopLevelSpec {
  const { resolve, ...spec } = sized(chart);
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    description,
    config: theme,
    data: { name: 'rows' },
    ...spec,
    // Concatenated charts would share one colour scale, and so one legend, of all that they colour.
    ...(isConcat(spec) || resolve ? { resolve: resolve ?? { scale: { color: 'independent' } } } : {}),
    datasets: { rows: chart.rows, ...chart.datasets },
  } as unknown as TopLevelSpec;
}

type Loose = Readonly<Record<string, unknown>>;

function isConcat(spec: Loose): boolean {
  return 'hconcat' in spec || 'vconcat' in spec || 'concat' in spec;
}

/** Width and height go to the plot itself: of a facet, to what is repeated; of a concatenation, to each part. */
function sized(chart: Chart): Loose {
  const { width, height } = chart;
  const size = { ...(width === undefined ? {} : { width }), ...(height === undefined ? {} : { height }) };
  const into = (spec: Loose): Loose => {
    if ('spec' in spec) return { ...spec, spec: into(spec['spec'] as Loose) };
    const parts = ['hconcat', 'vconcat', 'concat'].find((key) => key in spec);
    if (parts !== undefined) return { ...spec, [parts]: (spec[parts] as Loose[]).map(into) };
    return { ...size, ...spec };
  };
  return into(chart.spec as unknown as Loose);
}

/** Adds the title in lines as wide as the chart turns out to be; a narrow one may go on to 420 px. */
async function titled(chart: Chart, spec: TopLevelSpec): Promise<TopLevelSpec> {
  const margin = 2 * (theme.padding as number);
  const width = Math.max(svgWidth(await toSvg(spec, '')) - margin, 420);
  const subtitle = chart.subtitle === undefined ? {} : { subtitle: wrap(chart.subtitle, width, 12.5) };
  return { ...spec, title: { text: wrap(chart.title, width, 15, 600), ...subtitle } };
}
