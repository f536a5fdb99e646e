/** A heat map with its numbers in the cells: light is little, dark is much. */
import type { ChartSpec } from '../story.ts';
import { ink } from './theme.ts';

/** The columns of the rows, what they are called, and how a number is printed. */
export interface HeatMap {
  readonly x: { readonly field: string; readonly title: string };
  readonly y: { readonly field: string; readonly title: string };
  readonly value: { readonly field: string; readonly title: string; readonly format: string };
  /** Ends of the colour scale, where the data's own would mislead; values beyond have the colour of the end. */
  readonly domain?: readonly [number, number];
  /** -40 for names that are wider than a column. */
  readonly labelAngle?: number;
}

/**
 * White and ink have the same contrast on a colour of this relative luminance, about 4 to 1: (1.05 / l = l / 0.065,
 * l being the luminance + 0.05).
 */
const evenLuminance = 0.21;

/** The spec of a heat map; cells stand in the order of the rows. Give the chart 44 px by 30 px a cell. */
export function heatMap({ x, y, value, domain, labelAngle = 0 }: HeatMap): ChartSpec {
  const edge = { domain: false, ticks: false };
  const scale = domain === undefined ? {} : { scale: { domain: [...domain], clamp: true } };
  const onDark = `luminance(scale('color', datum[${JSON.stringify(value.field)}])) < ${evenLuminance}`;
  return {
    encoding: {
      x: { ...x, type: 'nominal', sort: null, axis: { ...edge, labelAngle } },
      y: { ...y, type: 'nominal', sort: null, axis: edge },
    },
    layer: [
      {
        mark: { type: 'rect', stroke: 'white', strokeWidth: 1 },
        encoding: { color: { field: value.field, title: value.title, type: 'quantitative', ...scale } },
      },
      {
        mark: { type: 'text', style: 'value', fontSize: 11.5 },
        encoding: {
          text: { field: value.field, type: 'quantitative', format: value.format },
          color: { condition: { test: onDark, value: 'white' }, value: ink },
        },
      },
    ],
  };
}
