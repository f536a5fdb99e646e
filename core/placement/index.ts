/** Every placement of the lab, one line each; `core/tables.ts` makes the table of them. */
export { moduloEntry } from './modulo.ts';
export { slotRingEntry } from './slot-ring.ts';
