/**
 * Holds a simulated number against theory: the mean of 20 independent replications, by Student's t at 99.9%; to that
 * comes 1% of the law's value for the empty start (the queues here forget it within hundreds of requests of thousands).
 */
import { expect } from 'vitest';
import { scenario } from '../../core/scenario.ts';
import type { Scenario } from '../../core/scenario.ts';
import type { Result } from '../../core/result.ts';
import { simulate } from '../../sim/run.ts';
import { T_OF_20, estimate } from '../statistics.ts';

const BIAS = 0.01;

/** One replica that serves 200 a second and worker, with room for everyone. */
export const one: Partial<Scenario> = {
  replicas: 1,
  service: 'exponential(5)',
  queue: 1_000_000,
  requests: 20_000,
};

function replicate(
  given: Partial<Scenario>,
  value: (result: Result) => number,
): { mean: number; error: number } {
  const seeds = Array.from({ length: 20 }, (_, replication) => 1000 + replication);
  return estimate(seeds.map((seed) => value(simulate(scenario({ ...one, ...given, seed })))));
}

export function agrees(given: Partial<Scenario>, value: (result: Result) => number, theory: number): void {
  const { mean, error } = replicate(given, value);
  const tolerance = T_OF_20 * error + BIAS * theory;
  expect(Math.abs(mean - theory), `${mean} against ${theory} ± ${tolerance}`).toBeLessThan(tolerance);
  expect(tolerance, 'the interval is narrow enough to say something').toBeLessThan(0.1 * theory);
}

export const meanMs = ({ summary }: Result): number => summary.responseMs.mean ?? NaN;
