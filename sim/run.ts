/** The simulator as an engine: a scenario in, its result out. */
import { fleetOf } from '../core/resolve.ts';
import type { Result } from '../core/result.ts';
import type { Scenario } from '../core/scenario.ts';
import { tables as labTables } from '../core/tables.ts';
import type { Tables } from '../core/tables.ts';
import { runFast } from './fast/run.ts';
import { suits } from './fast/suits.ts';
import { scheduleAutoscale } from './autoscale.ts';
import { scheduleFaults } from './faults.ts';
import { Fleet } from './fleet.ts';
import { Health } from './health.ts';
import { Kernel } from './kernel.ts';
import { refine } from './precision.ts';
import { Members } from './members.ts';
import { Recorder } from './recorder.ts';
import { replicate } from './replicate.ts';
import type { Run } from './replicate.ts';
import type { Keep } from './paired.ts';
import { Servers } from './servers.ts';
import { Traffic } from './traffic.ts';
import type { Progress } from './traffic.ts';

export type { Progress } from './traffic.ts';

/**
 * Runs a scenario to its last answer: once, or as often as its knobs ask for. The same scenario gives the same result,
 * byte for byte. Where departures are known on arrival it needs no list of events, which gives the same departures and takes a fraction of the time.
 * @throws InputError when a replica cannot join, or a failure names one that does not run then
 */
export function simulate(
  scenario: Scenario,
  tables: Tables = labTables,
  progress: Progress = () => {},
  keep?: Keep,
): Result {
  if (scenario.precision > 0)
    return refine(scenario, (one, behind) => simulate(one, tables, progress, behind), keep);
  if (scenario.runs === 1) return observe(scenario, tables, progress).result(tables, keep);
  const one: Run = (single, run) => {
    progress(Math.floor((run * scenario.requests) / scenario.runs)); // the bar counts a scenario's requests once
    return observe(single, tables, () => {});
  };
  return replicate(scenario, tables, one, keep);
}

/** One run with the scenario's own seed. */
function observe(scenario: Scenario, tables: Tables, progress: Progress, exact = false): Recorder {
  const recorder = new Recorder(scenario, tables);
  if (!suits(scenario, tables)) runEvents(scenario, tables, recorder, progress);
  else if (!runFast(scenario, tables, recorder, progress, exact))
    return observe(scenario, tables, progress, true);
  return recorder;
}

/** One run, event by event: any scenario. */
export function runEvents(scenario: Scenario, tables: Tables, recorder: Recorder, progress: Progress): void {
  const kernel = new Kernel();
  const stage = {
    scenario,
    kernel,
    recorder,
    members: new Members(scenario, tables),
    servers: new Servers(),
  };
  const traffic = new Traffic(stage, tables, progress);
  const { carrier } = traffic;
  const fleet = new Fleet(stage, carrier);
  const health = new Health(stage, fleet);

  scheduleFaults({ stage, carrier, fleet, health }, tables);
  scheduleAutoscale(stage, fleet);
  for (const { id } of fleetOf(scenario)) fleet.join(id, 0);
  traffic.open();
  kernel.run();
}
