/** From a scenario's names to the things themselves: one place for both engines and for the notebooks. */
import { dealt } from './load.ts';
import { probings } from './placement/probing.ts';
import { stream } from './random/stream.ts';
import type { Scenario } from './scenario.ts';
import { tables as labTables } from './tables.ts';
import type { Tables } from './tables.ts';
import type { Arrivals, Balancer, HashFunction, Key, Load, Placement, Replica, Sampler } from './types.ts';

/** The hash function of a spec such as `md5` or `poly(1,2,17)`. */
export function hashOf(spec: string, { hashes }: Tables = labTables): HashFunction {
  const { entry, args } = hashes.choose(spec);
  return entry.make(args);
}

/** An empty placement as the scenario asks. */
export function placementOf(s: Scenario, tables: Tables = labTables): Placement {
  const { entry, args } = tables.placements.choose(s.placement);
  return entry.make(args)({
    slots: s.slots,
    vnodes: s.vnodes,
    vnodeFrom: s.vnodeFrom,
    probing: probings[s.probing],
    requestHash: hashOf(s.requestHash, tables),
    serverHash: hashOf(s.serverHash, tables),
  });
}

/** A balancer, and the placement inside it where its policy uses one. */
export interface Seat {
  readonly balancer: Balancer;
  readonly placement: Placement | null;
}

/**
 * An empty balancer as the scenario asks, with its own random stream: the n-th of several (from 0); `load` where the
 * engine knows the loads.
 */
export function seatOf(s: Scenario, tables: Tables = labTables, n = 0, load?: Load): Seat {
  const { entry, args } = tables.policies.choose(s.policy);
  const kept: { placement: Placement | null } = { placement: null };
  const balancer = entry.make(args)({
    placement: () => (kept.placement = placementOf(s, tables)),
    random: stream(s.seed, 'policy', n),
    balancer: { index: n, of: s.balancers },
    load,
  });
  return { balancer, placement: kept.placement };
}

/** An empty balancer as the scenario asks. */
export function balancerOf(s: Scenario, tables: Tables = labTables, load?: Load): Balancer {
  return seatOf(s, tables, 0, load).balancer;
}

/** The law of a spec such as `exponential(5)`; undefined for none. */
export function samplerOf(spec: string, tables: Tables = labTables): Sampler | undefined {
  if (spec === 'none') return undefined;
  const { entry, args } = tables.services.choose(spec);
  return entry.make(args);
}

/** What comes in and how long it takes. */
export interface Workload {
  readonly arrivals: Arrivals;
  readonly key: Sampler<Key>;
  readonly serviceMs: Sampler;
}

/** The scenario's workload, with counters of its own. */
export function workloadOf(s: Scenario, tables: Tables = labTables): Workload {
  const arrivals = tables.arrivals.choose(s.arrivals);
  const keys = tables.keys.choose(s.keys);
  const service = tables.services.choose(s.service);
  return {
    arrivals: arrivals.entry.make(arrivals.args),
    key: keys.entry.make(keys.args)(),
    serviceMs: service.entry.make(service.args),
  };
}

/** The replicas that a run starts with: S1 to SN, handles from 0, ids from the scenario's first. */
export function fleetOf(s: Scenario): Replica[] {
  const weightOf = dealt(s.weights);
  return Array.from({ length: s.replicas }, (_, handle) => ({
    handle,
    id: s.firstId + handle,
    name: `S${handle + 1}`,
    weight: weightOf(handle),
  }));
}

/** The placement with the scenario's replicas on it. */
export function populatedPlacement(s: Scenario, tables: Tables = labTables): Placement {
  const placement = placementOf(s, tables);
  for (const replica of fleetOf(s)) placement.add(replica);
  return placement;
}
