/** Blocks of requests that were all served, counted in the order of their arrival: the same as one by one, in a fraction of the time. */
import type { Ledger } from '../core/stats/ledger.ts';
import { ALL_CELLS } from '../core/stats/sections.ts';
import { columns } from './columns.ts';
import type { Tallies } from './tallies.ts';

const { handles, arrivedMs, beginMs, serviceMs, waitMs, waitHighs, responseMs, responseHighs } = columns;

/** Recent counts of one section; small, so that they stay in the nearest cache, and the same for all runs. */
const waitCells = new Uint16Array(ALL_CELLS);
const responseCells = new Uint16Array(ALL_CELLS);
/** So many values at most until the recent counts, of 16 bits each, are added to the others. */
const MOST_RECENT = 0xffff;
/** A section of fewer requests is counted in its own place, since adding recent counts takes 15 µs. */
const LEAST_SECTION = 8192;
/** Whose recent counts they are. */
let holder: Blocks | null = null;

/** Hands the recent counts over. */
function hold(next: Blocks): void {
  holder?.settle();
  holder = next;
}

/** Counts blocks into a ledger and into the tallies of replicas. */
export class Blocks {
  readonly #ledger: Ledger;
  readonly #tallies: Tallies;
  /** Requests of a section. */
  readonly #length: number;
  #section = 0;
  #recent = 0;

  constructor(ledger: Ledger, tallies: Tallies) {
    this.#ledger = ledger;
    this.#tallies = tallies;
    this.#length = ledger.batchSize * ledger.sectionSize;
  }

  /** Requests from the one of that order on that are of one section; a block ends with it at the latest. */
  room(order: number): number {
    return this.#length - (order % this.#length);
  }

  /** Counts the block that the columns hold, the first of it being of that order; returns when the last of it ends. */
  add(order: number, count: number): number {
    const ledger = this.#ledger;
    const last = time(count, ledger);
    ledger.block(order, count, arrivedMs, waitMs, serviceMs, responseMs);
    this.#tallies.block(count, handles, serviceMs);
    this.#count(Math.floor(order / this.#length), count);
    return last;
  }

  /** Adds the recent counts to those of their section. */
  settle(): void {
    if (holder !== this) return;
    holder = null;
    this.#recent = 0;
    this.#ledger.waits.add(this.#section, waitCells);
    this.#ledger.responses.add(this.#section, responseCells);
  }

  #count(section: number, count: number): void {
    const { waits, responses } = this.#ledger;
    if (this.#length < LEAST_SECTION) {
      waits.count(section, waitHighs, count);
      responses.count(section, responseHighs, count);
      return;
    }
    if (holder !== this || section !== this.#section || this.#recent + count > MOST_RECENT) {
      hold(this);
      this.#section = section;
    }
    this.#recent += count;
    countCells(waitHighs, waitCells, count);
    countCells(responseHighs, responseCells, count);
  }
}

/**
 * How long each waited and was in the system, and the greatest of both; returns when the last ends. From the last to the
 * first, since the greatest of what mostly rises is then found at once, and the processor guesses the rest right.
 */
function time(count: number, { waits, responses }: Ledger): number {
  const begins = beginMs;
  const services = serviceMs;
  const arrivals = arrivedMs;
  const wait = waitMs;
  const response = responseMs;
  let last = 0;
  let longestWait = waits.max;
  let longest = responses.max;
  for (let i = count - 1; i >= 0; i--) {
    const ends = begins[i] + services[i];
    const waited = begins[i] - arrivals[i];
    const stayed = ends - arrivals[i];
    wait[i] = waited;
    response[i] = stayed;
    if (ends > last) last = ends;
    if (waited > longestWait) longestWait = waited;
    if (stayed > longest) longest = stayed;
  }
  waits.max = longestWait;
  responses.max = longest;
  return last;
}

/**
 * Into recent counts, by the cells of `sections.ts`, whose numbers stand here as literals, since the compiler does not
 * take those of a module for constants. No branch finds what lies below all cells, for zeros are frequent.
 */
function countCells(highs: Int32Array, cells: Uint16Array, count: number): void {
  for (let i = 0; i < count; i++) {
    const cell = (highs[2 * i] >> 10) - 0xfac00;
    const least = cell & ~(cell >> 31);
    cells[(least > 0xffff ? 0xffff : least) & 0xffff]++;
  }
}
