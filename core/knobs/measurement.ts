/** Knobs of how sure a figure is to be: warm-up, confidence, replications, precision, variance reduction, transients. */
import { choice, integer, ofMeasure, share, warmup } from '../knob.ts';
import type { Reader } from '../knob.ts';

const knob = <T extends number | string>(
  flag: string,
  initial: T,
  read: Reader<T>,
  help: string,
): { flag: string; group: 'run'; default: T; read: Reader<T>; help: string } => ({
  flag,
  group: 'run',
  default: initial,
  read,
  help,
});
const yesOrNo = (flag: string, help: string): ReturnType<typeof knob<string>> =>
  knob<string>(flag, 'no', choice('answer', ['no', 'yes']), help);

const MOST_RUNS = 1_000_000;
const MOST_REQUESTS = 1_000_000_000;
const MOST_FIRST = 10_000;

export const measurementKnobs = {
  warmup: knob<string>(
    'warmup',
    'auto',
    warmup,
    'what the steady state leaves out at the start: auto (MSER-5), none, so many requests, or a time such as 10s',
  ),
  confidence: knob<number>('confidence', 0.95, share(0.5, 0.9999), 'how often intervals hold the truth'),
  runs: knob<number>('runs', 1, integer(1, MOST_RUNS), 'independent runs, each with a seed of its own'),
  precision: knob<number>(
    'precision',
    0,
    share(0, 1),
    'sends more requests until the interval of --of is within so much of its value, as 1%; 0 for as many as --requests',
  ),
  of: knob<string>('of', 'responseMeanMs', ofMeasure, 'the measure that --precision is for'),
  most: knob<number>(
    'most',
    50_000_000,
    integer(1, MOST_REQUESTS),
    'requests that --precision may send, of all runs together',
  ),
  antithetic: yesOrNo(
    'antithetic',
    'every second run takes 1 - u for each random number u of the one before',
  ),
  control: yesOrNo(
    'control',
    'takes the means of gaps and service times, which are known, as control variates',
  ),
  first: knob<number>(
    'first',
    0,
    integer(0, MOST_FIRST),
    'with --runs: mean times of each of so many first requests, from an empty start',
  ),
} as const;
