/** A balancer with its placement in view, and what the gateway asks of them: a live run and its replay build it alike. */
import { stream } from '../../core/random/stream.ts';
import { placementOf } from '../../core/resolve.ts';
import type { Scenario } from '../../core/scenario.ts';
import type { Tables } from '../../core/tables.ts';
import { NONE } from '../../core/types.ts';
import type { Balancer, Key, Placement } from '../../core/types.ts';

/** A balancer, and the placement inside it where the policy uses one. */
export interface Seat {
  readonly balancer: Balancer;
  readonly placement: Placement | null;
}

/** As `balancerOf` of core, with the placement kept in view. @throws InputError when the scenario names what there is not */
export function seatOf(s: Scenario, tables: Tables): Seat {
  const { entry, args } = tables.policies.choose(s.policy);
  const kept: { placement: Placement | null } = { placement: null };
  const balancer = entry.make(args)({
    placement: () => (kept.placement = placementOf(s, tables)),
    random: stream(s.seed, 'policy'),
  });
  return { balancer, placement: kept.placement };
}

/**
 * The replica for a request that some were tried for: the next in the key's fallback order; without such an order, what the
 * policy picked when it was asked again, or whoever joined first. NONE when all were tried.
 */
export function nextAfter(
  tried: readonly number[],
  key: Key,
  { placement }: Seat,
  picked: number,
  members: Iterable<number>,
): number {
  const fresh = (handle: number): boolean => !tried.includes(handle);
  if (placement) return placement.locateAll(key, tried.length + 1).find(fresh) ?? NONE;
  return picked !== NONE && fresh(picked) ? picked : ([...members].find(fresh) ?? NONE);
}
