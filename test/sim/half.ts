/** Runs of a queue that is busy half of the time. */
import type { Summary } from '../../core/result.ts';
import { scenario } from '../../core/scenario.ts';
import type { Scenario } from '../../core/scenario.ts';
import { simulate } from '../../sim/run.ts';

/** M/M/1 at a load of 0.5: a mean response of 10 ms. */
export const half: Partial<Scenario> = {
  replicas: 1,
  arrivals: 'poisson(100)',
  queue: 1_000_000,
  requests: 2000,
};
export const run = (given: Partial<Scenario>): Summary => simulate(scenario({ ...half, ...given })).summary;
export const meanOf = ({ measures }: Summary): { value: number; low: number; high: number } =>
  measures?.responseMeanMs as { value: number; low: number; high: number };
