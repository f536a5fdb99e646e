/** Whether a scenario's departures are known on arrival, so that no list of events is needed. */
import { measurementKnobs } from '../../core/knobs/measurement.ts';
import { scenario } from '../../core/scenario.ts';
import type { Scenario } from '../../core/scenario.ts';
import type { Tables } from '../../core/tables.ts';
import { FEW } from './few.ts';

/** The knobs that the fast path knows what to do with, whatever their value; all others must be as they come. */
const KNOWN: ReadonlySet<string> = new Set<keyof Scenario>([
  ...([
    'replicas',
    'slots',
    'vnodes',
    'vnodeFrom',
    'firstId',
    'probing',
    'requestHash',
    'serverHash',
  ] as const),
  ...(['placement', 'policy', 'weights', 'keys', 'arrivals', 'requests', 'service'] as const),
  ...(['workers', 'speeds', 'queue', 'detect', 'start', 'refuse', 'bucket', 'seed', 'overload'] as const),
  ...(Object.keys(measurementKnobs) as (keyof Scenario)[]),
]);

/** Workers of all replicas together; each takes 8 bytes from the start. */
const MOST_WORKERS = 10_000_000;

/**
 * True for open arrivals at servers that are first in, first out and stay as they are, under a policy that wants to
 * know no more than requests in flight. A knob that is not known here, since it is newer, makes it false unless it
 * has its default.
 */
export function suits(s: Scenario, tables: Tables): boolean {
  const { entry } = tables.policies.choose(s.policy);
  if (entry.needs !== undefined || entry.sees === undefined) return false;
  if (entry.sees === 'all' && s.replicas > FEW) return false;
  if (s.replicas * s.workers > MOST_WORKERS) return false;
  const { entry: arrivals, args } = tables.arrivals.choose(s.arrivals);
  return arrivals.make(args).kind === 'open' && othersAreDefaults(s);
}

function othersAreDefaults(s: Scenario): boolean {
  const defaults: Readonly<Record<string, unknown>> = scenario();
  return Object.entries(s).every(([knob, value]) => KNOWN.has(knob) || value === defaults[knob]);
}
