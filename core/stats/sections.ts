/**
 * Histograms of one run, a section of it each, so that quantiles have intervals and a warm-up can be left out
 * afterwards. Cells are logarithmic as in HdrHistogram (Tene): at most 1/1024 of their value wide.
 */
import { column } from './column.ts';
import type { Column } from './column.ts';
import { sum } from './sum.ts';

const MANTISSA_BITS = 10;
const CELLS = 1 << MANTISSA_BITS;
/** From 2^-20 (a nanosecond, in ms) to 2^44 (five centuries); what lies below is as good as 0. */
const LEAST_EXPONENT = -20;
const OCTAVES = 64;
/** Cells of all octaves. */
export const ALL_CELLS = OCTAVES * CELLS;
const LAST_CELL = ALL_CELLS - 1;
const FIRST = (LEAST_EXPONENT + 1023) << MANTISSA_BITS;
const SHIFT = 20 - MANTISSA_BITS;

const double = new Float64Array(1);
const words = new Uint32Array(double.buffer);
/** Which of the two words holds sign, exponent and leading mantissa: the machine's byte order says. */
const HIGH = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1 ? 1 : 0;

/** The block of an octave that no value has fallen into. */
const NONE = -1;

/** Values put aside, to be counted together. */
const HELD = 512;

/** How much more room is made than an octave asks for. */
const GROWTH = 1.5;

/** Counts of values from 0 on, by section and cell; an octave costs 4 kB a section, once a value falls into it. */
export class Sections {
  readonly sections: number;
  max = 0;
  /** The blocks of octaves that are in use, by section and cell, in order of use. */
  #counts = new Uint32Array(0);
  /** Where the block of an octave begins, or NONE. */
  readonly #begins = new Int32Array(OCTAVES).fill(NONE);
  #used = 0;
  #held = 0;
  readonly #values = column(HELD);
  readonly #of = new Uint8Array(HELD);

  constructor(sections: number) {
    this.sections = sections;
  }

  /** Values are put aside first and counted a bufferful at a time, which takes half as long. */
  record(section: number, value: number): void {
    const at = this.#held++;
    this.#values.values[at] = value;
    this.#of[at] = section;
    if (at === HELD - 1) this.#flush();
  }

  /** Counts values of one section, of which every other entry of `highs` is the high word. */
  count(section: number, highs: Int32Array, count: number): void {
    const row = section * CELLS;
    for (let i = 0; i < count; i++) {
      const cell = cellOf(highs[2 * i]);
      const begin = this.#beginOf(cell >>> MANTISSA_BITS); // which may move the counts
      this.#counts[begin + row + (cell & (CELLS - 1))]++;
    }
  }

  /** Counts the values of a column, each of a section of its own. */
  scatter(sections: Uint8Array, { values, highs }: Column, count: number): void {
    const begins = this.#begins;
    let counts = this.#counts;
    let max = this.max;
    for (let i = 0; i < count; i++) {
      const cell = cellOf(highs[2 * i]);
      let begin = begins[cell >>> MANTISSA_BITS];
      if (begin === NONE) {
        begin = this.#open(cell >>> MANTISSA_BITS);
        counts = this.#counts; // which may have moved
      }
      counts[begin + sections[i] * CELLS + (cell & (CELLS - 1))]++;
      if (values[i] > max) max = values[i];
    }
    this.max = max;
  }

  /** Adds counts of one section, by cell, and sets them to 0. */
  add(section: number, cells: Uint16Array<ArrayBuffer>): void {
    // Most cells are empty, which is seen two at a time.
    const pairs = new Int32Array(cells.buffer);
    for (let octave = 0; octave < OCTAVES; octave++) {
      const end = ((octave + 1) * CELLS) / 2;
      let pair = (octave * CELLS) / 2;
      while (pair < end && pairs[pair] === 0) pair++;
      if (pair === end) continue;
      const begin = this.#beginOf(octave) + section * CELLS - octave * CELLS;
      this.#addPairs(begin, cells, pairs, pair, end);
    }
  }

  /** Adds the counts of some pairs of cells, of which the first of all is at `begin`, and sets them to 0. */
  #addPairs(begin: number, cells: Uint16Array, pairs: Int32Array, from: number, end: number): void {
    const counts = this.#counts;
    for (let pair = from; pair < end; pair++) {
      if (pairs[pair] === 0) continue;
      const cell = 2 * pair;
      counts[begin + cell] += cells[cell];
      counts[begin + cell + 1] += cells[cell + 1];
      pairs[pair] = 0;
    }
  }

  #flush(): void {
    this.scatter(this.#of, this.#values, this.#held);
    this.#held = 0;
  }

  /** Adds all that another run counted from its section `first` on to one section here. */
  absorb(other: Sections, first: number, section: number): void {
    other.#flush();
    for (const [octave, block] of other.#blocks()) {
      const begin = this.#beginOf(octave);
      const own = this.#counts.subarray(begin + section * CELLS, begin + (section + 1) * CELLS);
      for (let i = first * CELLS; i < block.length; i++) own[i & (CELLS - 1)] += block[i];
    }
    if (other.max > this.max) this.max = other.max;
  }

  /** What was counted from section `first` on, ready to be asked. */
  counts(first = 0): Counts {
    this.#flush();
    const cells: number[] = [];
    const columns: [Uint32Array, number][] = [];
    for (const [octave, block] of this.#blocks()) {
      for (let cell = 0; cell < CELLS; cell++) {
        let i = first * CELLS + cell;
        while (i < block.length && block[i] === 0) i += CELLS;
        if (i >= block.length) continue;
        cells.push(octave * CELLS + cell);
        columns.push([block, cell]);
      }
    }
    const sections = this.sections - first;
    const sums = new Float64Array(sections * cells.length);
    columns.forEach(([block, cell], column) => {
      for (let section = 0; section < sections; section++) {
        const at = column * sections + section;
        const before = column === 0 ? 0 : sums[at - sections];
        sums[at] = before + block[(first + section) * CELLS + cell];
      }
    });
    return new Counts(cells, sums, sections, this.max);
  }

  /** The octaves in use, ascending, and the counts of each. */
  *#blocks(): Generator<readonly [number, Uint32Array]> {
    for (let octave = 0; octave < OCTAVES; octave++) {
      const begin = this.#begins[octave];
      if (begin !== NONE) yield [octave, this.#counts.subarray(begin, begin + this.sections * CELLS)];
    }
  }

  #beginOf(octave: number): number {
    const begin = this.#begins[octave];
    return begin === NONE ? this.#open(octave) : begin;
  }

  /** Makes room for an octave; returns where its block begins. */
  #open(octave: number): number {
    const begin = this.#used;
    this.#used += this.sections * CELLS;
    if (this.#used > this.#counts.length) {
      const counts = new Uint32Array(Math.ceil(this.#used * GROWTH));
      counts.set(this.#counts);
      this.#counts = counts;
    }
    return (this.#begins[octave] = begin);
  }
}

/** The cell of a value by the word of it that holds the exponent. Zeros are frequent, so no branch finds the negative. */
function cellOf(high: number): number {
  const cell = (high >>> SHIFT) - FIRST;
  return cell > LAST_CELL ? LAST_CELL : cell & ~(cell >> 31);
}

/** Cumulative counts by section, of the cells that are not empty. */
export class Counts {
  readonly sections: number;
  readonly max: number;
  /** Values in all sections. */
  readonly count: number;
  /** The numbers of the cells that hold something, ascending; what follows calls a cell by its index here. */
  readonly cells: readonly number[];
  readonly #sums: Float64Array;

  constructor(cells: readonly number[], sums: Float64Array, sections: number, max: number) {
    this.cells = cells;
    this.#sums = sums;
    this.sections = sections;
    this.max = max;
    this.count = sum(this.sizes);
  }

  /** Values in each section. */
  get sizes(): Float64Array {
    return this.upTo(this.cells.length - 1);
  }

  /** Values in each section that lie in cells up to this one; -1 is before the first. */
  upTo(cell: number): Float64Array {
    if (cell < 0) return new Float64Array(this.sections);
    return this.#sums.subarray(cell * this.sections, (cell + 1) * this.sections);
  }

  /** Values in each section that are as good as 0. */
  zeros(): Float64Array {
    return this.upTo(this.cells[0] === 0 ? 0 : -1);
  }

  /** The first cell by whose end a share `p` of all values has been counted. */
  cellAt(p: number): number {
    const rank = Math.min(this.count, Math.max(1, Math.ceil(p * this.count)));
    let [low, high] = [0, this.cells.length - 1];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (sum(this.upTo(middle)) >= rank) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  /** The value that a share `p` does not exceed, 0.1% too high at most; NaN when there is none. */
  quantile(p: number): number {
    return this.count === 0 ? NaN : this.upperEdge(this.cellAt(p));
  }

  /** The least value that falls into a cell. */
  lowerEdge(cell: number): number {
    return this.cells[cell] === 0 ? 0 : edge(this.cells[cell]);
  }

  /** The least value above a cell, or the greatest there is; what is below 2^-20 counts as 0. */
  upperEdge(cell: number): number {
    return this.cells[cell] === 0 ? 0 : Math.min(this.max, edge(this.cells[cell] + 1));
  }
}

function edge(cell: number): number {
  words[HIGH] = (cell + FIRST) << SHIFT;
  words[1 - HIGH] = 0;
  return double[0];
}
