/** Which policies a gateway refuses: those that want to be told what only the simulator knows. */
import { InputError } from '../../core/input-error.ts';
import type { Scenario } from '../../core/scenario.ts';
import { tables as labTables } from '../../core/tables.ts';
import type { Tables } from '../../core/tables.ts';
import type { PolicyEntry } from '../../core/types.ts';

const untold: Readonly<Record<NonNullable<PolicyEntry['needs']>, string>> = {
  work: 'how long each request will take, which nobody knows before',
  probes: "answers of probes, which the lab's replicas do not give",
  idle: "reports of idle replicas, which the lab's replicas do not give",
};

/** @throws InputError for a policy that needs more than the five verbs */
export function refuseUntold({ policy }: Scenario, { policies }: Tables = labTables): void {
  const { needs, name } = policies.choose(policy).entry;
  if (needs === undefined) return;
  const able = policies.entries.filter((entry) => entry.needs === undefined).map((entry) => entry.name);
  throw new InputError(
    `The policy ${name} needs ${untold[needs]}: it can be simulated; live are ${able.join(', ')}.`,
  );
}
