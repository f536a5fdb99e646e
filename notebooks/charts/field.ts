/** A column of a chart's rows as the chart shows it. */

/** What the column is called in the rows, and what its axis or legend is called. */
export interface Field {
  readonly field: string;
  /** With its unit; null for none. */
  readonly title: string | null;
  /** d3-format of its numbers. */
  readonly format?: string;
}

/** An encoding of numbers. */
export function quantity({ field, title, format }: Field) {
  const axis = format === undefined ? {} : { axis: { format } };
  return { field, title, type: 'quantitative' as const, ...axis };
}

/** An encoding of names, in the order of the rows. */
export function names({ field, title }: Field) {
  return { field, title, type: 'nominal' as const, sort: null };
}

/** A layer: a dotted line across the plot at the value of a column that is the same in every row. */
export function evenLine(field: string, across: 'x' | 'y' = 'x') {
  const at = { field, type: 'quantitative' as const, aggregate: 'min' as const };
  const mark = { type: 'rule' as const, style: 'ideal' };
  return across === 'x'
    ? { mark, encoding: { x: { value: 0 }, x2: { value: 'width' as const }, y: at } }
    : { mark, encoding: { y: { value: 0 }, y2: { value: 'height' as const }, x: at } };
}
