/** Knobs of the run itself. */
import { choice, integer, share, stepWidth, warmup } from '../knob.ts';
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
  warmup: textual(
    'warmup',
    'auto',
    warmup,
    'what the steady state leaves out at the start: auto (MSER-5), none, so many requests, or a time such as 10s',
  ),
  confidence: numeric('confidence', 0.95, share(0.5, 0.9999), 'how often intervals hold the truth'),
  seed: numeric('seed', 42, integer(0, Number.MAX_SAFE_INTEGER), 'seed of every random stream'),
} as const;
