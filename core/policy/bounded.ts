/**
 * Consistent hashing with bounded loads (Mirrokni, Thorup, Zadimoghaddam 2016, arXiv 1608.01350) round any placement:
 * a key goes to its owner unless that is full, and a rule says who is full and who comes next.
 */
import type { Balancer, Key, Parameter, Placement, PolicyEntry, Replica } from '../types.ts';
import { NONE } from '../types.ts';
import { fleet } from './fleet.ts';

/** What a rule sees. */
export interface Crowd {
  /** In order of joining. */
  readonly members: readonly Replica[];
  /** Goes up with every change of the members. */
  readonly version: number;
  /** All requests in flight, those at replicas that have left included, as HAProxy and Envoy count them. */
  readonly all: number;
  inFlight(handle: number): number;
}

/** The replica for a key of this owner; there is a member. */
export type Rule = (key: Key, owner: number) => number;

/** The balancer of a placement under a rule. */
export function bounded(placement: Placement, ruleOf: (crowd: Crowd) => Rule): Balancer {
  const counts = fleet();
  const crowd = {
    members: counts.members,
    version: 0,
    all: 0,
    inFlight: (handle: number) => counts.inFlight(handle),
  };
  const rule = ruleOf(crowd);
  return {
    pick({ key }) {
      const owner = placement.locate(key);
      return owner === NONE ? NONE : rule(key, owner);
    },
    started(handle) {
      counts.started(handle);
      crowd.all++;
    },
    finished(handle) {
      counts.finished(handle);
      crowd.all--;
    },
    joined(replica) {
      placement.add(replica);
      counts.joined(replica);
      crowd.version++;
    },
    left(handle) {
      placement.remove(handle);
      counts.left(handle);
      crowd.version++;
    },
  };
}

/** The rule that walks on in the placement's own fallback order to the first replica with room. */
export function walkOn(placement: Placement, crowd: Crowd, hasRoom: (handle: number) => boolean): Rule {
  return (key, owner) => {
    if (hasRoom(owner)) return owner;
    const found = placement.locateFirst ? placement.locateFirst(key, hasRoom) : byRounds(key);
    if (found !== NONE) return found;
    // A table too small to give everybody an entry leaves some out of every order.
    return crowd.members.find(({ handle }) => hasRoom(handle))?.handle ?? owner;
  };

  /** Four times as many at a time, until one has room. */
  function byRounds(key: Key): number {
    for (let n = 4; ; n *= 4) {
      const found = placement.locateAll(key, n).find(hasRoom);
      if (found !== undefined) return found;
      if (n >= crowd.members.length) return NONE;
    }
  }
}

/** The factor that all rules take, as a share of the mean: 1.25 lets a replica have a quarter more. */
export const factorParameter: Parameter = { name: 'factor', default: 1.25, min: 1, max: 1_000_000 };

/** The factor in percent, as HAProxy and Envoy have it: whole where it is one in hundredths, which 1.1 * 100 is not. */
function percentOf(factor: number): number {
  const percent = Math.round(factor * 100);
  return Math.abs(percent - factor * 100) < 1e-9 * percent ? percent : factor * 100;
}

/** An entry for a rule; the placement decides whether weights can be had. */
export function boundedEntry(
  about: Pick<PolicyEntry, 'name' | 'summary' | 'source'>,
  ruleOf: (percent: number, placement: Placement, crowd: Crowd) => Rule,
): PolicyEntry {
  return {
    ...about,
    parameters: [factorParameter],
    weights: 'placement',
    make([factor]) {
      const percent = percentOf(factor);
      return (options) => {
        const placement = options.placement();
        return bounded(placement, (crowd) => ruleOf(percent, placement, crowd));
      };
    },
  };
}
