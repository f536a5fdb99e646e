/** Small multiples: one panel a name, the measured line over the dashed line of theory, axes shared. */
import type { ChartSpec } from '../story.ts';
import { quantity } from './field.ts';
import type { Field } from './field.ts';

/** Powers of ten from the least to the greatest that a chart of this project shows. */
const decades = [0.001, 0.01, 0.1, 1, 10, 100, 1000, 10_000];

/** Panels of lines on logarithmic axes; `theory` is a column of the same rows. */
export function panels(panel: Field, x: Field, y: Field, theory: string, columns: number): ChartSpec {
  const scale = { type: 'log' as const, nice: false };
  const across = { ...quantity(x), scale, axis: { format: x.format, values: decades, grid: true } };
  const up = { ...quantity(y), scale, axis: { format: y.format, values: decades } };
  return {
    facet: { field: panel.field, type: 'nominal', title: panel.title, sort: null },
    columns,
    // Own axes for every panel: shared ones would also be drawn under the empty places of the last row.
    resolve: { axis: { x: 'independent' } },
    spec: {
      width: 130,
      height: 110,
      encoding: { x: across },
      layer: [
        {
          mark: { type: 'line', style: 'theory', interpolate: 'linear' },
          encoding: { y: { ...up, field: theory } },
        },
        { mark: { type: 'line', point: { size: 18 } }, encoding: { y: up } },
      ],
    },
  };
}
