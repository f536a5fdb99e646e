/** Every placement of the lab, one line each; `core/tables.ts` makes the table of them. */
export { anchorEntry } from './anchor.ts';
export { binomialEntry } from './binomial.ts';
export { dxEntry } from './dx.ts';
export { flipEntry } from './flip.ts';
export { jumpEntry } from './jump.ts';
export { jumpbackEntry } from './jumpback.ts';
export { maglevEntry } from './maglev.ts';
export { mementoEntry } from './memento.ts';
export { moduloEntry } from './modulo.ts';
export { multiProbeEntry } from './multi-probe.ts';
export { powerEntry } from './power.ts';
export { rendezvousEntry } from './rendezvous.ts';
export { ringEntry } from './ring.ts';
export { slotRingEntry } from './slot-ring.ts';
