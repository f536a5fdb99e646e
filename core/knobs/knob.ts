/** What a knob is: a field of the scenario and a flag of the command line, with its default and its reader. */
import type { Reader } from '../knob.ts';

/** A value that a scenario can hold. */
export type Value = number | string;

/** The parts of the help page, in its order. */
export const groups = {
  placement: 'Placement of keys',
  policy: 'Policy and balancers',
  workload: 'Workload',
  replicas: 'Replicas',
  clients: 'Network and clients: timeouts, retries, hedging',
  health: 'Health: what the balancer notices',
  faults: 'Faults: what goes wrong',
  scaling: 'Autoscaling',
  run: 'The run',
  statistics: 'How sure: intervals, replications, precision',
} as const;

/** One thing that can be turned. */
export interface Knob<T extends Value = Value> {
  readonly flag: string;
  readonly group: keyof typeof groups;
  readonly help: string;
  readonly default: T;
  readonly read: Reader<T>;
}

type Maker<T extends Value> = (flag: string, initial: T, read: Reader<T>, help: string) => Knob<T>;

/** Makers of a group's knobs with numbers, and with texts, so that a scenario's types are exact. */
export function knobsOf(group: Knob['group']): { numeric: Maker<number>; textual: Maker<string> } {
  return {
    numeric: (flag, initial, read, help) => ({ flag, group, default: initial, read, help }),
    textual: (flag, initial, read, help) => ({ flag, group, default: initial, read, help }),
  };
}
