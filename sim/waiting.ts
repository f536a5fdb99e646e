/** Who waits at a server: a chain through the rows of the tries, from the first to the last. */
import { NONE } from '../core/types.ts';
import { LEFT, NEXT } from './tries.ts';
import type { Tries } from './tries.ts';
import { FIRST, LAST } from './workers.ts';

/** Work that is left of a try that has gone while it waited: its row is let go when its turn comes. */
export const GONE = -1;

/** A try joins the end of the queue of a server, whose integers begin there. */
export function enqueue(ints: Int32Array, server: number, tries: Tries, row: number): void {
  const last = ints[server + LAST];
  tries.ints[row + NEXT] = NONE;
  if (last === NONE) ints[server + FIRST] = row;
  else tries.ints[last + NEXT] = row;
  ints[server + LAST] = row;
}

/** The first that waits, taken out of the queue with those before it that have gone; NONE if there is none. */
export function dequeue(ints: Int32Array, server: number, tries: Tries): number {
  for (;;) {
    const row = ints[server + FIRST];
    if (row === NONE) return NONE;
    const next = tries.ints[row + NEXT];
    ints[server + FIRST] = next;
    if (next === NONE) ints[server + LAST] = NONE;
    if (tries.ms[row + LEFT] !== GONE) return row;
    tries.release(row);
  }
}
