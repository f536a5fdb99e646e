/** Every policy of the lab, one line each; `core/tables.ts` makes the table of them. */
export { boundedLoadEntry } from './bounded-load.ts';
export { boundedLoadEnvoyEntry } from './bounded-load-envoy.ts';
export { boundedLoadHaproxyEntry } from './bounded-load-haproxy.ts';
export { byKeyEntry } from './by-key.ts';
export { leastRequestEntry } from './least-request.ts';
export { powerOfDEntry } from './power-of-d.ts';
export { randomEntry } from './random.ts';
export { roundRobinEntry } from './round-robin.ts';
