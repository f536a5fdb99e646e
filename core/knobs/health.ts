/** Knobs of what the balancer notices of its replicas, and what follows. */
import { choice, duration, integer, within } from '../knob.ts';
import { knobsOf } from './knob.ts';

const { numeric, textual } = knobsOf('health');

export const healthKnobs = {
  detect: numeric('detect', 1000, duration, 'time until the balancer notices a failure, without heartbeats'),
  heartbeat: numeric('heartbeat', 0, duration, 'time between two heartbeats of a replica; 0 for none'),
  heartbeatTimeout: numeric('heartbeat-timeout', 500, duration, 'time after which a heartbeat is missed'),
  misses: numeric('misses', 2, integer(1, 1000), 'missed heartbeats that show that a replica hangs'),
  silent: textual(
    'silent',
    'eject',
    choice('answer to silence', ['eject', 'replace']),
    'a replica that misses its heartbeats: eject it until it answers, or replace it',
  ),
  ejectAfter: numeric(
    'eject-after',
    0,
    integer(0, 1_000_000),
    'failures in a row for which a balancer ejects a replica; 0 for never',
  ),
  ejectFor: numeric('eject-for', 30_000, duration, 'time of an ejection, times how often it was ejected'),
  ejectMost: numeric('eject-most', 0.1, within(0, 1), 'share of the replicas ejected at most, one at least'),
  start: numeric('start', 1000, duration, 'time until a replacement serves, from the notice'),
} as const;
