/** What happens over time, as stacked areas or as lines, with a numbered rule at each event. */
import type { ChartSpec } from '../story.ts';
import { names, quantity } from './field.ts';
import type { Field } from './field.ts';

const seconds = { ...quantity({ field: 's', title: 'time (s)' }), scale: { nice: false } };

/** Rules and numbers at the rows of the table `events`: `s`, `event` and its `number`. */
const events = [
  {
    data: { name: 'events' },
    mark: { type: 'rule' as const, style: 'event' },
    encoding: { x: seconds, tooltip: { field: 'event' } },
  },
  {
    data: { name: 'events' },
    mark: { type: 'text' as const, style: 'note', y: -8, dx: 0, align: 'center' as const },
    encoding: { x: seconds, text: { field: 'number' } },
  },
];

/** Areas of `y` over seconds in the column `s`, stacked by replica in the column `order`. */
export function timeline(y: Field, replica: Field, order: readonly string[]): ChartSpec {
  return {
    layer: [
      {
        mark: { type: 'area', line: false, interpolate: 'step-after' },
        encoding: {
          x: seconds,
          y: { ...quantity(y), stack: 'zero' },
          color: { ...names(replica), scale: { domain: [...order] }, legend: { symbolType: 'square' } },
          order: { field: 'order', type: 'quantitative' },
          tooltip: [{ ...seconds, format: '.1f' }, { field: replica.field }, quantity(y)],
        },
      },
      ...events,
    ],
  };
}

/** A stepped line a series over seconds in the column `s`. */
export function timelines(y: Field, series: Field, order: readonly string[]): ChartSpec {
  return {
    layer: [
      {
        mark: { type: 'line', interpolate: 'step-after' },
        encoding: {
          x: seconds,
          y: quantity(y),
          color: { ...names(series), scale: { domain: [...order] } },
          strokeDash: { ...names(series), scale: { domain: [...order] } },
        },
      },
      ...events,
    ],
  };
}
