/** Knobs of how a replica serves. */
import { choice, duration, integer, pick, queueBound, speeds, within } from '../knob.ts';
import { knobsOf } from './knob.ts';
import { MOST_REQUESTS } from './workload.ts';

const { numeric, textual } = knobsOf('replicas');

export const replicaKnobs = {
  service: textual(
    'service',
    'exponential(5)',
    pick((t) => t.services),
    'time a request takes to serve (ms); or a file of measured times',
  ),
  workers: numeric('workers', 1, integer(1, 10_000), 'requests that a replica serves at once'),
  discipline: textual(
    'discipline',
    'fifo',
    choice('discipline', ['fifo', 'ps']),
    'fifo: first come, first served; ps: all at once share the workers evenly (processor sharing)',
  ),
  queue: numeric(
    'queue',
    1000,
    queueBound(MOST_REQUESTS),
    "requests that may wait at a replica, more are rejected; or 'unbounded'",
  ),
  speeds: textual('speeds', '1', speeds, 'speeds dealt to the replicas in turn, such as 1:1:0.5'),
  ramp: numeric('ramp', 0, duration, 'time in which a replacement warms up to its speed'),
  rampFrom: numeric(
    'ramp-from',
    0.1,
    within(0.001, 1),
    'part of its speed that a replacement begins with, where --ramp is given',
  ),
} as const;
