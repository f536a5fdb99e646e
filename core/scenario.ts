/** What to run: a frozen record of plain values, each with its flag, its default of the lab and its reader. */
import { checkTogether } from './check-together.ts';
import { unknownName } from './input-error.ts';
import { clientKnobs } from './knobs/clients.ts';
import { faultKnobs } from './knobs/faults.ts';
import { healthKnobs } from './knobs/health.ts';
import type { Knob } from './knobs/knob.ts';
import { measurementKnobs } from './knobs/measurement.ts';
import { placementKnobs } from './knobs/placement.ts';
import { policyKnobs } from './knobs/policy.ts';
import { replicaKnobs } from './knobs/replicas.ts';
import { runKnobs } from './knobs/run.ts';
import { scalingKnobs } from './knobs/scaling.ts';
import { workloadKnobs } from './knobs/workload.ts';
import { tables as labTables } from './tables.ts';
import type { Tables } from './tables.ts';

export type { Knob, Value } from './knobs/knob.ts';

/** Every knob, in the order of the help page. */
export const knobs = {
  ...placementKnobs,
  ...policyKnobs,
  ...workloadKnobs,
  ...replicaKnobs,
  ...clientKnobs,
  ...healthKnobs,
  ...faultKnobs,
  ...scalingKnobs,
  ...runKnobs,
  ...measurementKnobs,
} as const;

/** A complete, checked scenario. */
export type Scenario = {
  readonly [K in keyof typeof knobs]: (typeof knobs)[K] extends Knob<number> ? number : string;
};

/** The knobs as a list of [field, knob]. */
export const knobList = Object.entries(knobs) as [keyof Scenario, Knob][];

/**
 * A scenario from the lab's defaults and what differs, every value read and made canonical.
 * @throws InputError naming the first value that is not legal, or two that do not go together
 */
export function scenario(given: Partial<Scenario> = {}, tables: Tables = labTables): Scenario {
  for (const field of Object.keys(given)) {
    if (!Object.hasOwn(knobs, field)) throw unknownName('knob', field, Object.keys(knobs));
  }
  const values = knobList.map(([field, knob]) => {
    const text = String(given[field] ?? knob.default);
    return [field, knob.read(knob.flag, text, tables)];
  });
  const read = Object.fromEntries(values) as Scenario;
  const complete = Object.freeze(
    given.requests === undefined ? { ...read, requests: sent(read, tables) } : read,
  );
  checkTogether(complete, tables);
  return complete;
}

/** Requests to send where nobody said: all of a trace, or as many as the lab does. */
function sent({ arrivals, requests }: Scenario, tables: Tables): number {
  const { entry, args } = tables.arrivals.choose(arrivals);
  const process = entry.make(args);
  return process.kind === 'open' ? (process.count ?? requests) : requests;
}
