/** A histogram of positive numbers with 0.1% resolution and flat memory, after HdrHistogram (Tene). */

/** Mantissa bits kept: 2^10 cells an octave, so a cell is at most 1/1024 of its value wide. */
const MANTISSA_BITS = 10;
const CELLS_AN_OCTAVE = 1 << MANTISSA_BITS;
/** From 2^-20 (a nanosecond, in ms) to 2^44 (five centuries); what lies outside counts in the end cells. */
const LEAST_EXPONENT = -20;
const OCTAVES = 64;
const CELLS = OCTAVES * CELLS_AN_OCTAVE;
const EXPONENT_BIAS = 1023;
const FIRST_CELL = (LEAST_EXPONENT + EXPONENT_BIAS) << MANTISSA_BITS;

const view = new DataView(new ArrayBuffer(8));

/** Counts values; the mean and the extremes are exact, quantiles are the upper edge of their cell. */
export interface Histogram {
  record(value: number): void;
  readonly count: number;
  readonly mean: number;
  readonly max: number;
  /** The value that a share `q` of the values does not exceed, 0.1% too high at most; NaN when empty. */
  quantile(q: number): number;
}

/** An empty histogram of values from 0 on. */
export function histogram(): Histogram {
  const cells = new Uint32Array(CELLS);
  let count = 0;
  let total = 0;
  let max = 0;
  return {
    record(value) {
      cells[cellOf(value)]++;
      count++;
      total += value;
      if (value > max) max = value;
    },
    get count() {
      return count;
    },
    get mean() {
      return count === 0 ? NaN : total / count;
    },
    get max() {
      return count === 0 ? NaN : max;
    },
    quantile(q) {
      if (count === 0) return NaN;
      const rank = Math.max(1, Math.ceil(q * count));
      let seen = 0;
      let cell = 0;
      while ((seen += cells[cell]) < rank) cell++;
      return Math.min(max, upperEdge(cell));
    },
  };
}

/** The top 12 + 10 bits of a positive double are its exponent and leading mantissa: a logarithmic cell number. */
function cellOf(value: number): number {
  view.setFloat64(0, value);
  const cell = (view.getUint32(0) >>> (20 - MANTISSA_BITS)) - FIRST_CELL;
  return cell < 0 ? 0 : cell >= CELLS ? CELLS - 1 : cell;
}

function upperEdge(cell: number): number {
  view.setUint32(0, (cell + 1 + FIRST_CELL) << (20 - MANTISSA_BITS));
  view.setUint32(4, 0);
  return view.getFloat64(0);
}
