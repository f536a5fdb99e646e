/**
 * The columns in which requests side by side are worked on, a block of them at a time.
 *
 * One set serves the whole process: a block is done with before the next begins, and nothing is kept in them. A loop
 * that gives a column of its module a name of its own (`const begins = beginMs`) has the address compiled in, and takes
 * half the time.
 */
import { column } from '../core/stats/column.ts';

/** Requests of a block at most. */
export const LONGEST = 512;

const wait = column(LONGEST);
const response = column(LONGEST);

/** By request: where it went, when it came, when its service began, how long that took, and what became of that. */
export const columns = {
  handles: new Int32Array(LONGEST),
  arrivedMs: new Float64Array(LONGEST),
  beginMs: new Float64Array(LONGEST),
  serviceMs: new Float64Array(LONGEST),
  waitMs: wait.values,
  waitHighs: wait.highs,
  responseMs: response.values,
  responseHighs: response.highs,
} as const;
