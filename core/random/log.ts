/** The logarithm that inversion needs, by a table: -ln(1 - u) for u in [0, 1). */
import type { Random } from '../types.ts';
import { uniforms } from './uniforms.ts';

const CELL_BITS = 8;
const CELLS = 1 << CELL_BITS;
/** Bits of a mantissa that are in the high word of a double, and those of them that a cell leaves out. */
const HIGH_BITS = 20;
const SHIFT = HIGH_BITS - CELL_BITS;
const HALF_A_CELL = 1 << (SHIFT - 1);

/** Of each cell of [1, 2) its middle, the reciprocal of that, and its logarithm; the first middle is 1 itself. */
const middles = Float64Array.from({ length: CELLS }, (_, cell) => 1 + cell / CELLS);
const reciprocals = middles.map((middle) => 1 / middle);
const logarithms = middles.map((middle) => Math.log(middle));

/** Octaves from that of 2^-63 up to that of 1: the power of 2 that brings a number of each into [1, 2), and its logarithm. */
const OCTAVES = 64;
const FIRST = 1023 - (OCTAVES - 1);
const powers = new Float64Array(OCTAVES).fill(1);
for (let octave = OCTAVES - 2; octave >= 0; octave--) powers[octave] = 2 * powers[octave + 1];
const logarithmsOfPowers = powers.map((_, octave) => (OCTAVES - 1 - octave) * Math.LN2);

const [THIRD, FOURTH, FIFTH] = [1 / 3, 1 / 4, 1 / 5];

const double = new Float64Array(1);
const words = new Int32Array(double.buffer);
/** Which of the two words holds sign, exponent and leading mantissa: the machine's byte order says. */
const HIGH = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1 ? 1 : 0;

/**
 * -ln(1 - u), a standard exponential variate of a uniform u, as inversion has it: it rises with u, so that antithetic
 * and common random numbers keep their meaning. Math.log takes three times as long.
 *
 * x = 1 - u is brought into [1, 2) by a power of 2. With c the middle of its cell, ln x = ln c + ln(1 + r), where
 * r = (x - c) / c is at most 1/512, and the series to r^5 leaves out less than 1e-17. Cells are found by
 * the leading bits of x and half a cell, so that what is next to 1 from below belongs to the cell of 1, where the
 * logarithm is the series alone. Additions and multiplications alone, so the same on every machine; within 4e-16 of
 * the true value, or of 1 if that is larger.
 */
export function minusLogOf1Minus(u: number): number {
  const x = 1 - u;
  double[0] = x;
  const at = words[HIGH] + HALF_A_CELL;
  const octave = ((at >> HIGH_BITS) - FIRST) & (OCTAVES - 1);
  const cell = (at >> SHIFT) & (CELLS - 1);
  const r = (x * powers[octave] - middles[cell]) * reciprocals[cell];
  const r2 = r * r;
  const series = r - r2 * (0.5 - r * THIRD + r2 * (FOURTH - r * FIFTH));
  return logarithmsOfPowers[octave] - logarithms[cell] - series;
}

/** So many are worked out at once. */
const CHUNK = 512;
const column = new Float64Array(CHUNK);
/** The high words of the column: every other one, the first at 0. */
const highs = new Int32Array(column.buffer, HIGH * Int32Array.BYTES_PER_ELEMENT, 2 * CHUNK - 1);

/**
 * The next `count` exponential variates of that mean: `mean * minusLogOf1Minus(random())` for each, in a third of the time. The function is written out again, with masks as literals and tables by names of its own:
 * so the compiler knows where each table is, and that no index leaves it.
 */
export function exponentials(mean: number, random: Random, out: Float64Array, count: number): void {
  if (count > CHUNK) {
    exponentials(mean, random, out, CHUNK);
    exponentials(mean, random, out.subarray(CHUNK), count - CHUNK);
    return;
  }
  const xs = column;
  const high = highs;
  const scale = powers;
  const middle = middles;
  const reciprocal = reciprocals;
  const log = logarithms;
  const logOfPower = logarithmsOfPowers;
  uniforms(random, xs, count);
  for (let i = 0; i < count; i++) xs[i] = 1 - xs[i];
  for (let i = 0; i < count; i++) {
    const at = high[2 * i] + 0x800;
    const octave = ((at >> 20) - 960) & 0x3f;
    const cell = (at >> 12) & 0xff;
    const r = (xs[i] * scale[octave] - middle[cell]) * reciprocal[cell];
    const r2 = r * r;
    const series = r - r2 * (0.5 - r * THIRD + r2 * (FOURTH - r * FIFTH));
    out[i] = mean * (logOfPower[octave] - log[cell] - series);
  }
}
