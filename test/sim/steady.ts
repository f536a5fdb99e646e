/** A run that one can follow by hand. */
import type { Result } from '../../core/result.ts';
import { scenario } from '../../core/scenario.ts';
import type { Scenario } from '../../core/scenario.ts';
import { simulate } from '../../sim/run.ts';

/** One request every 100 ms from 100 ms on, each served in 10 ms, in turn by S1, S2 and S3. */
const steady: Partial<Scenario> = {
  policy: 'round-robin',
  arrivals: 'constant(10)',
  service: 'constant(10)',
  requests: 60,
  detect: 500,
  start: 700,
};

export const run = (given: Partial<Scenario>): Result => simulate(scenario({ ...steady, ...given }));
