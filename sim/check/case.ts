/** A case of `lab check`: a scenario, or trials of one, and what theory says of it. */
import type { Measure } from '../../core/measures.ts';
import type { Result } from '../../core/result.ts';
import type { Scenario } from '../../core/scenario.ts';

/** One number that theory gives, and where it is found in a result. */
export interface Expected {
  readonly what: string;
  readonly value: number;
  of(result: Result): Measure | undefined;
}

/** A scenario that is simulated once for all that is expected of it. */
export interface Case {
  readonly name: string;
  readonly source: string;
  readonly given: Partial<Scenario>;
  /** Worked out only when the case is run: some solve a Markov chain. */
  expected(): readonly Expected[];
}

/** What is not seen in one run, however long: means over many independent trials. */
export interface Trials {
  readonly name: string;
  readonly source: string;
  /** By name. */
  expected(): Readonly<Record<string, number>>;
  /** A value of each trial, by the same names. */
  observe(trials: number, seed: number): Readonly<Record<string, readonly number[]>>;
}

/** Expectations of measures by their names. */
export function measures(values: Readonly<Record<string, number>>): Expected[] {
  return Object.entries(values).map(([what, value]) => ({
    what,
    value,
    of: ({ summary }) => summary.measures?.[what],
  }));
}

/** Service of 5 ms on average throughout: 0.2 requests a ms for each worker. */
export const SERVICE_MS = 5;
export const SERVICE = 1 / SERVICE_MS;

/** Poisson arrivals at a rate a ms. */
export const poisson = (perMs: number): Partial<Scenario> => ({ arrivals: `poisson(${perMs * 1000})` });

/** One replica with one worker and room for everybody. */
export const single: Partial<Scenario> = { replicas: 1, queue: 1_000_000_000, service: 'exponential(5)' };
