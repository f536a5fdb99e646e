/** A timeline: stacked areas by replica, with a numbered rule at each event. */
import type { ChartSpec } from '../story.ts';
import { names, quantity } from './field.ts';
import type { Field } from './field.ts';

/** Areas of `y` over seconds in the column `s`; events are the table `events` with `s`, `event` and their `number`. */
export function timeline(y: Field, replica: Field, order: readonly string[]): ChartSpec {
  const seconds = quantity({ field: 's', title: 'time (s)' });
  return {
    layer: [
      {
        mark: { type: 'area', line: false, interpolate: 'step-after' },
        encoding: {
          x: { ...seconds, scale: { nice: false } },
          y: { ...quantity(y), stack: 'zero' },
          color: {
            ...names(replica),
            scale: { domain: [...order] },
            legend: { symbolType: 'square' },
          },
          order: { field: 'order', type: 'quantitative' },
          tooltip: [{ ...seconds, format: '.1f' }, { field: replica.field }, quantity(y)],
        },
      },
      {
        data: { name: 'events' },
        mark: { type: 'rule', style: 'event' },
        encoding: { x: seconds, tooltip: { field: 'event' } },
      },
      {
        data: { name: 'events' },
        mark: { type: 'text', style: 'note', y: -8, dx: 0, align: 'center' },
        encoding: { x: seconds, text: { field: 'number' } },
      },
    ],
  };
}
