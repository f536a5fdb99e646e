/** A column of numbers whose words can be looked at, as the cells of a histogram need them. */

/** Numbers of which the words can be looked at. */
export interface Column {
  readonly values: Float64Array;
  readonly words: Uint32Array;
}

/** A column of so many zeros. */
export function column(length: number): Column {
  const values = new Float64Array(length);
  return { values, words: new Uint32Array(values.buffer) };
}
