/** Bars: one a name with its number on top, or a group of them a name. */
import type { ChartSpec } from '../story.ts';
import { evenLine, names, quantity } from './field.ts';
import type { Field } from './field.ts';

/** A bar a row, its value above it, and a dotted line at `even`. */
export function bars(x: Field, y: Field, even: string): ChartSpec {
  const value = quantity(y);
  const text = { field: y.field, type: 'quantitative' as const, format: y.format ?? ',d' };
  return {
    encoding: { x: names(x) },
    layer: [
      { mark: { type: 'bar' }, encoding: { y: value } },
      { mark: { type: 'text', style: 'value', baseline: 'bottom', dy: -4 }, encoding: { y: value, text } },
      evenLine(even),
    ],
  };
}

/** Columns side by side, one a group within a name; values may be below zero. */
export function columnGroups(x: Field, y: Field, group: Field, order: readonly string[]): ChartSpec {
  return {
    mark: { type: 'bar' },
    encoding: {
      x: names(x),
      xOffset: { field: group.field, sort: [...order] },
      y: quantity(y),
      color: { ...names(group), scale: { domain: [...order] } },
      tooltip: tooltip(x, group, y),
    },
  };
}

/** Rows of bars, one a group within a name, and a dotted line at `even`. */
export function barGroups(y: Field, x: Field, group: Field, even: string): ChartSpec {
  return {
    encoding: { y: { ...names(y), axis: { labelLimit: 280 } } },
    layer: [
      {
        mark: { type: 'bar' },
        encoding: {
          yOffset: { field: group.field },
          x: { ...quantity(x), axis: { format: x.format, grid: true } },
          color: names(group),
          tooltip: tooltip(y, group, x),
        },
      },
      evenLine(even, 'y'),
    ],
  };
}

/** Panels side by side, each with stacked columns; the order of the parts is that of the stack, lowest first. */
export function stackPanels(
  panel: Field,
  x: Field,
  y: Field,
  part: Field,
  order: readonly string[],
): ChartSpec {
  return {
    facet: { field: panel.field, type: 'nominal', title: panel.title, sort: null },
    columns: 3,
    spec: {
      width: 210,
      mark: { type: 'bar' },
      encoding: {
        x: names(x),
        y: { ...quantity(y), stack: 'zero' },
        color: { ...names(part), scale: { domain: [...order] } },
        order: { field: 'order', type: 'quantitative' },
        tooltip: tooltip(x, part, y),
      },
    },
  };
}

function tooltip(name: Field, group: Field, value: Field) {
  return [{ field: name.field }, { field: group.field }, { ...quantity(value), format: value.format }];
}
