/** Knobs of the run itself. */
import { choice, integer, stepWidth } from '../knob.ts';
import { knobsOf } from './knob.ts';

const { numeric, textual } = knobsOf('run');

export const runKnobs = {
  overload: textual(
    'overload',
    'refuse',
    choice('answer to overload', ['refuse', 'allow']),
    'a load at or above capacity before a queue without a bound: refuse it, or allow the transient',
  ),
  bucket: numeric('bucket', 0, stepWidth, 'width of a step of the timeline (ms); 0 for none'),
  seed: numeric('seed', 42, integer(0, Number.MAX_SAFE_INTEGER), 'seed of every random stream'),
} as const;
