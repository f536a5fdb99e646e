/** What to run: a frozen record of plain values, each with its flag, its default of the lab and its reader. */
import { InputError, unknownName } from './input-error.ts';
import {
  choice,
  duration,
  failures,
  failuresOf,
  integer,
  pick,
  share,
  stepWidth,
  warmup,
  weights,
} from './knob.ts';
import type { Reader } from './knob.ts';
import { asksPlacement } from './policy/by-key.ts';
import { probings } from './placement/probing.ts';
import { MAX_SLOTS } from './hash/slot.ts';
import { tables as labTables } from './tables.ts';
import type { Tables } from './tables.ts';

/** A value that a scenario can hold. */
export type Value = number | string;

/** One thing that can be turned: a field of the scenario and a flag of the command line. */
export interface Knob<T extends Value = Value> {
  readonly flag: string;
  readonly group: 'placement' | 'policy' | 'workload' | 'replicas' | 'run';
  readonly help: string;
  readonly default: T;
  readonly read: Reader<T>;
}

const MOST_REPLICAS = 100_000;
const MOST_REQUESTS = 1_000_000_000;

const numberKnob = (
  flag: string,
  group: Knob['group'],
  initial: number,
  read: Reader<number>,
  help: string,
): Knob<number> => ({ flag, group, default: initial, read, help });
const textKnob = (
  flag: string,
  group: Knob['group'],
  initial: string,
  read: Reader<string>,
  help: string,
): Knob<string> => ({ flag, group, default: initial, read, help });

/** Every knob, in the order of the help page. The defaults are the lab's (LAB 2.1 to 2.3). */
export const knobs = {
  replicas: numberKnob(
    'replicas',
    'placement',
    3,
    integer(1, MOST_REPLICAS),
    'replicas behind the balancer (N)',
  ),
  slots: numberKnob('slots', 'placement', 512, integer(1, MAX_SLOTS), 'slots of the ring (M)'),
  vnodes: numberKnob('vnodes', 'placement', 9, integer(1, 1_000_000), 'virtual servers a replica (K)'),
  vnodeFrom: numberKnob(
    'vnode-from',
    'placement',
    0,
    integer(0, 1),
    'number of the first virtual server (j)',
  ),
  firstId: numberKnob(
    'first-id',
    'placement',
    1,
    integer(0, 1_000_000_000),
    'numeric id of the first replica (i)',
  ),
  probing: textKnob(
    'probing',
    'placement',
    'linear',
    choice('probing', Object.keys(probings)),
    'where a virtual server goes when its slot is taken',
  ),
  requestHash: textKnob(
    'request-hash',
    'placement',
    'poly(1,2,17)',
    pick((t) => t.hashes),
    'hash of a request (H)',
  ),
  serverHash: textKnob(
    'server-hash',
    'placement',
    'phi(1,1,2,25)',
    pick((t) => t.hashes),
    'hash of a virtual server (Φ)',
  ),
  placement: textKnob(
    'placement',
    'placement',
    'slot-ring',
    pick((t) => t.placements),
    'how a key finds its replica',
  ),
  policy: textKnob(
    'policy',
    'policy',
    'by-key',
    pick((t) => t.policies),
    'how a request finds its replica',
  ),
  weights: textKnob('weights', 'policy', '1', weights, 'weights dealt to the replicas in turn'),
  keys: textKnob(
    'keys',
    'workload',
    'uniform(100000,999999)',
    pick((t) => t.keys),
    'ids that the requests carry',
  ),
  arrivals: textKnob(
    'arrivals',
    'workload',
    'poisson(200)',
    pick((t) => t.arrivals),
    'when requests come (a second)',
  ),
  requests: numberKnob('requests', 'workload', 10_000, integer(1, MOST_REQUESTS), 'requests to send'),
  service: textKnob(
    'service',
    'replicas',
    'exponential(5)',
    pick((t) => t.services),
    'time a request takes to serve (ms)',
  ),
  workers: numberKnob('workers', 'replicas', 1, integer(1, 10_000), 'requests that a replica serves at once'),
  queue: numberKnob(
    'queue',
    'replicas',
    1000,
    integer(0, MOST_REQUESTS),
    'requests that may wait at a replica; more are rejected',
  ),
  failAt: textKnob('fail-at', 'replicas', '', failures, 'when replicas fail: 10s, 10s:S2 or 10s+20s:S2'),
  detect: numberKnob('detect', 'replicas', 1000, duration, 'time until the balancer notices a failure'),
  start: numberKnob('start', 'replicas', 1000, duration, 'time until a replacement serves, from the notice'),
  refuse: numberKnob('refuse', 'replicas', 1, duration, 'time that a refused or rejected request takes'),
  bucket: numberKnob('bucket', 'run', 0, stepWidth, 'width of a step of the timeline (ms); 0 for none'),
  warmup: textKnob(
    'warmup',
    'run',
    'auto',
    warmup,
    'what the steady state leaves out at the start: auto (MSER-5), none, so many requests, or a time such as 10s',
  ),
  confidence: numberKnob('confidence', 'run', 0.95, share(0.5, 0.9999), 'how often intervals hold the truth'),
  seed: numberKnob('seed', 'run', 42, integer(0, Number.MAX_SAFE_INTEGER), 'seed of every random stream'),
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
  const complete = Object.freeze(Object.fromEntries(values)) as Scenario;
  checkTogether(complete, tables);
  return complete;
}

function checkTogether(s: Scenario, tables: Tables): void {
  const virtual = s.replicas * s.vnodes;
  const onRing = s.placement === 'slot-ring' && asksPlacement(tables.policies.choose(s.policy).entry);
  if (onRing && virtual > s.slots) {
    throw new InputError(
      `${s.replicas} replicas with ${s.vnodes} virtual servers each need ${virtual} slots, but --slots is ${s.slots}.`,
    );
  }
  if (s.weights.split(':').some((weight) => weight !== '1')) checkWeights(s, tables);
  for (const { replica } of failuresOf(s.failAt)) {
    if (Number(replica.slice(1)) <= s.replicas + failuresOf(s.failAt).length) continue;
    throw new InputError(
      `--fail-at names ${replica}, but the replicas are S1 to S${s.replicas} and their replacements.`,
    );
  }
}

function checkWeights(s: Scenario, tables: Tables): void {
  const { entry } = tables.policies.choose(s.policy);
  const { entry: placement } = tables.placements.choose(s.placement);
  const able = asksPlacement(entry) ? placement.can.weights : entry.weights;
  if (able) return;
  const scheme = asksPlacement(entry) ? `${entry.name} over ${placement.name}` : entry.name;
  const takes = tables.policies.entries.filter(({ weights: w }) => w === true).map(({ name }) => name);
  throw new InputError(
    `${scheme} has no weights, but --weights is '${s.weights}'; ${takes.join(' and ')} have.`,
  );
}
