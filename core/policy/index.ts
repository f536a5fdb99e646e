/** Every policy of the lab, one line each; `core/tables.ts` makes the table of them. */
export { byKeyEntry } from './by-key.ts';
export { leastRequestEntry } from './least-request.ts';
export { powerOfDEntry } from './power-of-d.ts';
export { randomEntry } from './random.ts';
export { roundRobinEntry } from './round-robin.ts';
