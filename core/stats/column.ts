/** A column of numbers whose high words can be looked at, as the cells of a histogram need them. */

const highWord = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1 ? Int32Array.BYTES_PER_ELEMENT : 0;

/** Numbers, and of each the word that holds sign, exponent and leading mantissa: every other entry, the first at 0. */
export interface Column {
  readonly values: Float64Array;
  readonly highs: Int32Array;
}

/** A column of so many zeros. */
export function column(length: number): Column {
  const values = new Float64Array(length);
  return { values, highs: new Int32Array(values.buffer, highWord, 2 * length - 1) };
}
