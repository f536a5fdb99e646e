/** Every policy of the lab, one line each; `core/tables.ts` makes the table of them. */
export { boundedLoadEntry } from './bounded-load.ts';
export { boundedLoadEnvoyEntry } from './bounded-load-envoy.ts';
export { boundedLoadHaproxyEntry } from './bounded-load-haproxy.ts';
export { byKeyEntry } from './by-key.ts';
export { ewmaEntry, peakEwmaEntry } from './peak-ewma.ts';
export { joinIdleQueueEntry } from './join-idle-queue.ts';
export { leastRequestEntry } from './least-request.ts';
export { leastWorkLeftEntry } from './least-work-left.ts';
export { powerOfDEntry } from './power-of-d.ts';
export { powerOfDWithReplacementEntry } from './power-of-d-with-replacement.ts';
export { prequalEntry } from './prequal.ts';
export { randomEntry } from './random.ts';
export { roundRobinEntry } from './round-robin.ts';
export { shuffleShardingEntry } from './shuffle-sharding.ts';
export { subsettingEntry } from './subsetting.ts';
export { weightedRandomEntry } from './weighted-random.ts';
