/** Knobs of a fleet that follows its load (Kubernetes' horizontal autoscaling). */
import { choice, duration, integer, within } from '../knob.ts';
import { knobsOf } from './knob.ts';
import { MOST_REPLICAS } from './placement.ts';

const { numeric, textual } = knobsOf('scaling');

export const scalingKnobs = {
  autoscale: textual(
    'autoscale',
    'none',
    choice('measure to scale by', ['none', 'in-flight', 'utilisation']),
    'what the number of replicas follows: none, in-flight or utilisation',
  ),
  target: numeric('target', 0.7, within(0.001, 1e6), 'what a replica is to have of it in the mean'),
  scaleEvery: numeric('scale-every', 15_000, duration, 'time between two looks at it'),
  scaleMin: numeric('scale-min', 1, integer(1, MOST_REPLICAS), 'replicas at least'),
  scaleMax: numeric('scale-max', 100, integer(1, MOST_REPLICAS), 'replicas at most'),
} as const;
