/** Intervals: what was expected, as a bar from low to high with a tick, and what came, as a dot. */
import { palette } from '../render/theme.ts';
import type { ChartSpec } from '../story.ts';
import { names, quantity } from './field.ts';
import type { Field } from './field.ts';

/** Reads the columns `low`, `high`, `expected` and `observed`. */
export function intervals(y: Field, x: Omit<Field, 'field'>): ChartSpec {
  const at = (field: string) => quantity({ ...x, field });
  const dot = { type: 'point', size: 50, color: palette[1], stroke: 'black', strokeWidth: 0.75 } as const;
  return {
    encoding: { y: names(y) },
    layer: [
      {
        mark: { type: 'rule', strokeWidth: 7, opacity: 0.35, color: palette[0] },
        encoding: { x: { ...at('low'), axis: { format: x.format, grid: true } }, x2: { field: 'high' } },
      },
      {
        mark: { type: 'tick', thickness: 2, bandSize: 16, color: palette[0] },
        encoding: { x: at('expected') },
      },
      {
        mark: dot,
        encoding: { x: at('observed'), tooltip: [{ field: y.field }, { ...at('observed'), format: '.3%' }] },
      },
    ],
  };
}
