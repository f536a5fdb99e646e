/**
 * Histograms of one run, a section of it each, so that quantiles have intervals and a warm-up can be left out
 * afterwards. Cells are logarithmic as in HdrHistogram (Tene): at most 1/1024 of their value wide.
 */

const MANTISSA_BITS = 10;
const CELLS = 1 << MANTISSA_BITS;
/** From 2^-20 (a nanosecond, in ms) to 2^44 (five centuries); what lies below is as good as 0. */
const LEAST_EXPONENT = -20;
const OCTAVES = 64;
const LAST_CELL = OCTAVES * CELLS - 1;
const FIRST = (LEAST_EXPONENT + 1023) << MANTISSA_BITS;
const SHIFT = 20 - MANTISSA_BITS;

const double = new Float64Array(1);
const words = new Uint32Array(double.buffer);
/** Which of the two words holds sign, exponent and leading mantissa: the machine's byte order says. */
const HIGH = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1 ? 1 : 0;

/** Values put aside, to be counted together. */
const HELD = 512;

type Blocks = (Uint32Array | undefined)[];

/** Counts of values from 0 on, by section and cell; an octave costs 4 kB a section, once a value falls into it. */
export class Sections {
  readonly sections: number;
  max = 0;
  readonly #blocks: Blocks = new Array<Uint32Array | undefined>(OCTAVES).fill(undefined);
  #held = 0;
  readonly #values = new Float64Array(HELD);
  readonly #words = new Uint32Array(this.#values.buffer);
  readonly #of = new Uint8Array(HELD);

  constructor(sections: number) {
    this.sections = sections;
  }

  /** Values are put aside first and counted a bufferful at a time, which takes half as long. */
  record(section: number, value: number): void {
    const at = this.#held++;
    this.#values[at] = value;
    this.#of[at] = section;
    if (at === HELD - 1) this.#flush();
  }

  #flush(): void {
    const [high, values, of, blocks] = [this.#words, this.#values, this.#of, this.#blocks];
    let max = this.max;
    for (let i = 0; i < this.#held; i++) {
      let cell = (high[2 * i + HIGH] >>> SHIFT) - FIRST;
      if (cell < 0) cell = 0;
      else if (cell > LAST_CELL) cell = LAST_CELL;
      const block = blocks[cell >>> MANTISSA_BITS] ?? this.#open(cell >>> MANTISSA_BITS);
      block[of[i] * CELLS + (cell & (CELLS - 1))]++;
      if (values[i] > max) max = values[i];
    }
    this.max = max;
    this.#held = 0;
  }

  /** Adds all that another run counted from its section `first` on to one section here. */
  absorb(other: Sections, first: number, section: number): void {
    other.#flush();
    other.#blocks.forEach((block, octave) => {
      if (!block) return;
      const own = this.#blocks[octave] ?? this.#open(octave);
      for (let i = first * CELLS; i < block.length; i++) own[section * CELLS + (i & (CELLS - 1))] += block[i];
    });
    if (other.max > this.max) this.max = other.max;
  }

  /** What was counted from section `first` on, ready to be asked. */
  counts(first = 0): Counts {
    this.#flush();
    return new Counts(this.#blocks, first, this.sections, this.max);
  }

  #open(octave: number): Uint32Array {
    return (this.#blocks[octave] = new Uint32Array(this.sections * CELLS));
  }
}

/** Cumulative counts, by section. */
export class Counts {
  readonly sections: number;
  readonly max: number;
  /** Values in each section. */
  readonly sizes: Float64Array;
  readonly #first: number;
  /** By octave: values of a section up to a cell, those of lower octaves included. */
  readonly #sums: (Float64Array | undefined)[];
  /** By octave: values of all sections up to its last cell. */
  readonly #reached = new Float64Array(OCTAVES);

  constructor(blocks: Blocks, first: number, end: number, max: number) {
    this.#first = first;
    this.sections = end - first;
    this.max = max;
    this.sizes = new Float64Array(this.sections);
    this.#sums = blocks.map((block, octave) => {
      const sums = block && this.#accumulate(block);
      this.#reached[octave] = this.sizes.reduce((total, size) => total + size, 0);
      return sums;
    });
  }

  #accumulate(block: Uint32Array): Float64Array {
    const sums = new Float64Array(this.sections * CELLS);
    for (let section = 0; section < this.sections; section++) {
      let sum = this.sizes[section];
      const from = (this.#first + section) * CELLS;
      for (let i = 0; i < CELLS; i++) sums[section * CELLS + i] = sum += block[from + i];
      this.sizes[section] = sum;
    }
    return sums;
  }

  get count(): number {
    return this.#reached[OCTAVES - 1];
  }

  /** Values in each section that lie in cells up to this one. */
  upTo(cell: number): Float64Array {
    let octave = cell >>> MANTISSA_BITS;
    let within = cell & (CELLS - 1);
    for (; octave >= 0 && !this.#sums[octave]; octave--) within = CELLS - 1;
    const sums = this.#sums[octave];
    return new Float64Array(this.sections).map((_, section) => sums?.[section * CELLS + within] ?? 0);
  }

  /** The first cell by whose end a share `p` of all values has been counted. */
  cellAt(p: number): number {
    const rank = Math.min(this.count, Math.max(1, Math.ceil(p * this.count)));
    let [low, high] = [0, LAST_CELL];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.upTo(middle).reduce((total, n) => total + n, 0) >= rank) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}

/** The least value that falls into a cell. */
export function lowerEdge(cell: number): number {
  return cell === 0 ? 0 : edge(cell);
}

/** The least value above a cell; what is below 2^-20 counts as 0. */
export function upperEdge(cell: number): number {
  return cell === 0 ? 0 : edge(cell + 1);
}

function edge(cell: number): number {
  words[HIGH] = (cell + FIRST) << SHIFT;
  words[1 - HIGH] = 0;
  return double[0];
}
