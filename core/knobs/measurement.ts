/** Knobs of how sure a figure is to be: warm-up, confidence, replications, precision, variance reduction, transients. */
import { choice, integer, ofMeasure, share, warmup } from '../knob.ts';
import { knobsOf } from './knob.ts';
import type { Knob } from './knob.ts';

const { numeric, textual } = knobsOf('statistics');
const yesOrNo = (flag: string, usual: 'no' | 'yes', help: string): Knob<string> =>
  textual(flag, usual, choice('answer', ['no', 'yes']), help);

const MOST_RUNS = 1_000_000;
const MOST_REQUESTS = 1_000_000_000;
const MOST_FIRST = 10_000;

export const measurementKnobs = {
  warmup: textual(
    'warmup',
    'auto',
    warmup,
    'what the steady state leaves out at the start: auto (MSER-5), none, so many requests, or a time such as 10s',
  ),
  confidence: numeric('confidence', 0.95, share(0.5, 0.9999), 'how often intervals hold the truth'),
  runs: numeric('runs', 1, integer(1, MOST_RUNS), 'independent runs, each with a seed of its own'),
  precision: numeric(
    'precision',
    0,
    share(0, 1),
    'sends more requests until the interval of --of is within so much of its value, as 1%; 0 for as many as --requests',
  ),
  of: textual('of', 'responseMeanMs', ofMeasure, 'the measure that --precision is for'),
  most: numeric(
    'most',
    50_000_000,
    integer(1, MOST_REQUESTS),
    'requests that --precision may send, of all runs together',
  ),
  antithetic: yesOrNo(
    'antithetic',
    'no',
    'every second run takes 1 - u for each random number u of the one before',
  ),
  control: yesOrNo(
    'control',
    'yes',
    'takes what is known on average as control variates: gaps, service times, the work before each arrival',
  ),
  first: numeric(
    'first',
    0,
    integer(0, MOST_FIRST),
    'with --runs: mean times of each of so many first requests, from an empty start',
  ),
} as const;
