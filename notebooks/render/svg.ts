/** A Vega-Lite spec as an SVG document: laid out by the bundled font, the same bytes on every Node. */
import * as vega from 'vega';
import { compile, type TopLevelSpec } from 'vega-lite';
import { textWidth } from './font.ts';
import { escapeHtml } from './html.ts';

interface TextItem {
  readonly fontSize?: number;
  readonly fontWeight?: string | number;
}

// Without a canvas Vega takes 0.8 em for every character, half as much again as the text really is.
const { textMetrics } = vega as unknown as {
  textMetrics: { width: (item: TextItem, text: string | number | null) => number };
};
textMetrics.width = (item, text) =>
  textWidth((text ?? '').toString().trim(), item.fontSize ?? 11, item.fontWeight);

/** Vega only warns of a field or a scale that makes no sense, and draws what is left: here that is an error. */
const strict = { level: () => strict, error: fail, warn: fail, info: () => strict, debug: () => strict };

function fail(...args: readonly unknown[]): never {
  throw new Error(args.map(String).join(' '));
}

/**
 * Draws the spec. `label` is what a screen reader says of the picture as a whole.
 * @throws Error when Vega has a warning to give.
 */
export async function toSvg(spec: TopLevelSpec, label: string): Promise<string> {
  // Marks without their own aria labels: the label of the whole stands for them, at half the size.
  // A copy, because Vega writes its own marks into the rows that it is given.
  const vegaSpec = compile(
    { ...structuredClone(spec), config: { ...spec.config, aria: false } },
    { logger: strict },
  ).spec;
  const view = new vega.View(vega.parse(vegaSpec), { renderer: 'none', logger: strict });
  vega.resetSVGDefIds();
  try {
    const svg = await view.toSVG();
    return roundNumbers(svg).replace('<svg ', `<svg role="img" aria-label="${escapeHtml(label)}" `);
  } finally {
    view.finalize();
  }
}

/** Width in px that an SVG of ours states. */
export function svgWidth(svg: string): number {
  return Number(/<svg[^>]*? width="([\d.]+)"/.exec(svg)?.[1] ?? 0);
}

/** Puts `prefix` before every id and reference, so that several pictures can stand in one page. */
export function prefixIds(svg: string, prefix: string): string {
  return svg.replace(/(<[^>]*?\sid="|url\(#)/g, `$1${prefix}-`);
}

const geometry =
  /\b(d|transform|x|y|x1|x2|y1|y2|dx|dy|cx|cy|r|width|height|viewBox|offset|points)="([^"]*)"/g;

/** Keeps 3 decimals: the last bits of `pow` and `atan2` are not the same in every engine. */
function roundNumbers(svg: string): string {
  return svg.replace(
    geometry,
    (_, name: string, value: string) => `${name}="${value.replace(/-?\d*\.\d+(e-?\d+)?/g, short)}"`,
  );
}

function short(digits: string): string {
  const rounded = Math.round(Number(digits) * 1000) / 1000;
  return String(rounded === 0 ? 0 : rounded);
}
