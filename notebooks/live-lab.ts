/** What a live notebook runs experiments with: real stacks, and the simulator beside them. */
import { fileURLToPath } from 'node:url';
import type { Result } from '../core/result.ts';
import { measured } from '../core/random/service/measured.ts';
import { scenario } from '../core/scenario.ts';
import type { Scenario } from '../core/scenario.ts';
import { tables } from '../core/tables.ts';
import { withStack } from '../live/stack.ts';
import type { DriverName, Stack, StackOptions } from '../live/stack.ts';
import { simulate } from '../sim/run.ts';

/** Where the live notebooks are. */
export const liveNotebooks = fileURLToPath(new URL('live', import.meta.url));

/** Both engines, on one seed. */
export interface LiveLab {
  readonly seed: number;
  readonly driver: DriverName;
  /** Requests of each measurement. */
  readonly requests: number;
  /** A scenario of the lab's defaults with what differs. */
  scenario(given?: Partial<Scenario>): Scenario;
  /** A stack of real replicas for the length of `use`. */
  stack<T>(options: Omit<StackOptions, 'driver'>, use: (stack: Stack) => Promise<T>): Promise<T>;
  /** The simulator; with service times that were measured, it draws from those. */
  simulate(s: Scenario, serviceMs?: readonly number[]): Result;
}

/** A lab on real replicas. */
export function liveLab(seed: number, driver: DriverName, requests: number): LiveLab {
  return {
    seed,
    driver,
    requests,
    scenario: (given = {}) => scenario({ seed, requests, ...given }),
    stack: (options, use) => withStack({ ...options, driver }, use),
    simulate: (s, serviceMs) => (serviceMs ? simulateMeasured(s, serviceMs) : simulate(s)),
  };
}

function simulateMeasured(s: Scenario, serviceMs: readonly number[]): Result {
  return simulate(
    { ...s, service: 'measured' },
    { ...tables, services: tables.services.with(measured('measured', serviceMs)) },
  );
}
