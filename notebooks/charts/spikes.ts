/** Spikes: a thin line a row, as for the few slots of many that anything falls on. */
import type { ChartSpec } from '../story.ts';
import { evenLine, names, quantity } from './field.ts';
import type { Field } from './field.ts';

/** A spike at `x` from 0 to `y` for each row, coloured by owner, and a dotted line at `even`. */
export function spikes(
  x: Field,
  domain: readonly [number, number],
  y: Field,
  owner: Field,
  owners: readonly string[],
  even: string,
): ChartSpec {
  return {
    encoding: { x: { ...quantity(x), scale: { domain: [...domain], nice: false } } },
    layer: [
      {
        mark: { type: 'rule', strokeWidth: 2 },
        encoding: {
          y: quantity(y),
          y2: { datum: 0 },
          color: { ...names(owner), scale: { domain: [...owners] } },
          tooltip: [{ field: x.field }, { field: owner.field }, { ...quantity(y), format: '.3%' }],
        },
      },
      evenLine(even),
    ],
  };
}
