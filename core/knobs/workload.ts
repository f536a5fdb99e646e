/** Knobs of what comes in. */
import { integer, pick } from '../knob.ts';
import { knobsOf } from './knob.ts';

const { numeric, textual } = knobsOf('workload');

/** No run is longer, and no queue needs to be. */
export const MOST_REQUESTS = 1_000_000_000;

export const workloadKnobs = {
  keys: textual(
    'keys',
    'uniform(100000,999999)',
    pick((t) => t.keys),
    'ids that the requests carry; or a file of them, a line each',
  ),
  arrivals: textual(
    'arrivals',
    'poisson(200)',
    pick((t) => t.arrivals),
    'when requests come (a second); or a file of times in ms',
  ),
  requests: numeric('requests', 10_000, integer(1, MOST_REQUESTS), 'requests to send'),
} as const;
