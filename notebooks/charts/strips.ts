/** Strips: a dot a row above each number on the x axis, and a line through a column that is equal within a strip. */
import type { ChartSpec } from '../story.ts';
import { quantity } from './field.ts';
import type { Field } from './field.ts';

/** Dots at `y` over `x`, named by `dot` in the tooltip; the line is the column `through`. */
export function strips(
  x: Field,
  values: readonly number[],
  y: Field,
  dot: Field,
  through: string,
): ChartSpec {
  const across = {
    ...quantity(x),
    scale: { zero: false, padding: 24 },
    axis: { format: x.format, values: [...values] },
  };
  return {
    layer: [
      {
        mark: { type: 'line', style: 'theory', interpolate: 'linear' },
        encoding: { x: across, y: { field: through, type: 'quantitative', aggregate: 'min' } },
      },
      {
        mark: { type: 'point', size: 60, opacity: 0.75 },
        encoding: { x: across, y: quantity(y), tooltip: [{ field: dot.field }, { ...quantity(y) }] },
      },
    ],
  };
}
