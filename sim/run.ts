/** The simulator as an engine: a scenario in, its result out. */
import { balancerOf, fleetOf } from '../core/resolve.ts';
import type { Result } from '../core/result.ts';
import type { Scenario } from '../core/scenario.ts';
import { tables as labTables } from '../core/tables.ts';
import type { Tables } from '../core/tables.ts';
import { runFast } from './fast/run.ts';
import { suits } from './fast/suits.ts';
import { join, scheduleFailures } from './faults.ts';
import { Kernel } from './kernel.ts';
import { Recorder } from './recorder.ts';
import { Traffic } from './traffic.ts';

/** Called now and then with the number of requests sent so far. */
export type Progress = (sent: number) => void;

const PROGRESS_EVERY = 16_384;

/**
 * Runs a scenario to its last answer. The same scenario gives the same result, byte for byte. Where departures are
 * known on arrival it needs no list of events, which gives the same departures and takes a fraction of the time.
 * @throws InputError when a replica cannot join, or a failure names one that does not run then
 */
export function simulate(
  scenario: Scenario,
  tables: Tables = labTables,
  progress: Progress = () => {},
): Result {
  const recorder = new Recorder(scenario);
  const run = suits(scenario, tables) ? runFast : runEvents;
  run(scenario, tables, recorder, progress);
  return recorder.result(tables);
}

/** One run, event by event: any scenario. */
export function runEvents(scenario: Scenario, tables: Tables, recorder: Recorder, progress: Progress): void {
  const kernel = new Kernel();
  const stage = { scenario, kernel, recorder, balancer: balancerOf(scenario, tables), servers: [] };
  const traffic = new Traffic(stage, tables);

  for (const replica of fleetOf(scenario)) join(stage, replica, traffic, 0);
  scheduleFailures(stage, traffic);
  traffic.open();

  let reported = 0;
  kernel.run(() => {
    if (traffic.sent - reported >= PROGRESS_EVERY) progress((reported = traffic.sent));
    return traffic.done >= scenario.requests;
  });
}
