/** Knobs of the way between clients and replicas, and of what is done about a slow or failed try. */
import { choice, duration, hedge, integer, lawOrNone, within } from '../knob.ts';
import { knobsOf } from './knob.ts';

const { numeric, textual } = knobsOf('clients');

export const clientKnobs = {
  network: textual('network', 'none', lawOrNone, 'delay each way between balancer and replica (ms)'),
  timeout: numeric('timeout', 0, duration, 'time after which a try is given up; 0 for never'),
  patience: textual('patience', 'none', lawOrNone, 'time that a client waits for its service to begin (ms)'),
  retries: numeric('retries', 0, integer(0, 100), 'tries after the first that failed or timed out'),
  retryAt: textual(
    'retry-at',
    'elsewhere',
    choice('place to retry at', ['elsewhere', 'anywhere']),
    'elsewhere: at a replica not yet tried, by key the next in order; anywhere: as for a new request',
  ),
  backoff: textual('backoff', 'none', lawOrNone, 'time before a retry (ms)'),
  retryBudget: numeric(
    'retry-budget',
    0.2,
    within(0, 1000),
    'retries and hedges that each request of the last 10 s pays for',
  ),
  retryReserve: numeric('retry-reserve', 10, within(0, 1e9), 'retries and hedges a second beside the budget'),
  hedge: textual('hedge', 'none', hedge, 'when to send a second try: after 20ms, or the quantile p95 so far'),
  cancel: textual(
    'cancel',
    'none',
    choice('way to cancel', ['none', 'waiting', 'all']),
    'what a replica drops of tries given up: none, those waiting, or all',
  ),
  refuse: numeric('refuse', 1, duration, 'time that a refused or rejected request takes'),
} as const;
