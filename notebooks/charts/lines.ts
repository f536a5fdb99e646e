/** Lines with a dot at every measured point, and dashed lines for what theory expects. */
import type { ChartSpec } from '../story.ts';
import { names, quantity } from './field.ts';
import type { Field } from './field.ts';

/** Options of a line chart. */
export interface Lines {
  readonly x: Field & { readonly log?: boolean; readonly values?: readonly number[] };
  readonly y: Field & { readonly log?: boolean; readonly zero?: boolean };
  readonly series?: Field & { readonly order: readonly string[] };
  /** A second table, drawn dashed: the column of its y, by the same x. */
  readonly theory?: { readonly data: string; readonly field: string };
}

/** One line a series; without a series, one line. */
export function lines({ x, y, series, theory }: Lines): ChartSpec {
  const across = {
    ...quantity(x),
    scale: scale(x.log, false),
    axis: { format: x.format, values: x.values && [...x.values] },
  };
  const up = { ...quantity(y), scale: scale(y.log, y.zero ?? true) };
  const color = series && { ...names(series), scale: { domain: [...series.order] } };
  const expected = theory && {
    data: { name: theory.data },
    mark: { type: 'line' as const, style: 'theory', interpolate: 'linear' as const },
    encoding: { x: across, y: { ...up, field: theory.field } },
  };
  return {
    layer: [
      ...(expected ? [expected] : []),
      {
        mark: { type: 'line', point: true },
        encoding: { x: across, y: up, ...(color ? { color } : {}) },
      },
    ],
  };
}

function scale(log = false, zero = true) {
  return log ? { type: 'log' as const, nice: false } : { zero };
}
