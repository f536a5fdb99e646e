/**
 * The columns in which requests side by side are worked on, a block of them at a time.
 *
 * One set serves the whole process: a block is done with before the next begins, and nothing is kept in them. A loop
 * that gives a column of its module a name of its own (`const begins = beginMs`) has the address compiled in, and takes
 * half the time.
 */

/** Requests of a block at most. */
export const LONGEST = 512;

const highWord = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1 ? Int32Array.BYTES_PER_ELEMENT : 0;

/** The high words of a column, which hold sign, exponent and leading mantissa: every other entry, the first at 0. */
const highsOf = (column: Float64Array<ArrayBuffer>): Int32Array =>
  new Int32Array(column.buffer, highWord, 2 * column.length - 1);

const waitMs = new Float64Array(LONGEST);
const responseMs = new Float64Array(LONGEST);

/** By request: where it went, when it came, when its service began, how long that took, and what became of that. */
export const columns = {
  handles: new Int32Array(LONGEST),
  arrivedMs: new Float64Array(LONGEST),
  beginMs: new Float64Array(LONGEST),
  serviceMs: new Float64Array(LONGEST),
  waitMs,
  waitHighs: highsOf(waitMs),
  responseMs,
  responseHighs: highsOf(responseMs),
} as const;
