/** Bounded loads as HAProxy deals them: whole slots, the rest spread by running sums (chash_server_is_eligible). */
import type { Crowd } from './bounded.ts';
import { boundedEntry, walkOn } from './bounded.ts';

/** A server's weight and that of all before it. */
export interface Stretch {
  readonly before: number;
  readonly weight: number;
}

/**
 * The requests that a server may have: of the slots, ⌈(all in flight + 1) · percent / 100⌉, the quotient by the total
 * weight for each unit of its own, the remainder spread over the servers by running sums; one at least.
 */
export function slotsOf({ before, weight }: Stretch, total: number, all: number, percent: number): number {
  const slots = Math.ceil(((all + 1) * percent) / 100);
  const rest = slots % total;
  const spread = Math.floor(((before + weight) * rest) / total) - Math.floor((before * rest) / total);
  return Math.max(1, weight * Math.floor(slots / total) + spread);
}

/** Where each server of this order stands among the weights, and their total. */
export function stretches<T>(order: readonly T[], weightOf: (one: T) => number): [Map<T, Stretch>, number] {
  const found = new Map<T, Stretch>();
  let total = 0;
  for (const one of order) {
    const weight = weightOf(one);
    found.set(one, { before: total, weight });
    total += weight;
  }
  return [found, total];
}

function roomOf(percent: number, crowd: Crowd): (handle: number) => boolean {
  let counted = -1;
  let dealt = new Map<number, Stretch>();
  let total = 0;

  function recount(): void {
    counted = crowd.version;
    const weights = new Map(crowd.members.map(({ handle, weight }) => [handle, weight]));
    [dealt, total] = stretches([...weights.keys()], (handle) => weights.get(handle) ?? 0);
  }

  return (handle) => {
    if (counted !== crowd.version) recount();
    const stretch = dealt.get(handle);
    return stretch !== undefined && crowd.inFlight(handle) < slotsOf(stretch, total, crowd.all, percent);
  };
}

export const boundedLoadHaproxyEntry = boundedEntry(
  {
    name: 'bounded-load-haproxy',
    summary: "bounds the load by HAProxy's rule (hash-balance-factor), over any placement, in its order",
    source: 'HAProxy, src/lb_chash.c, chash_server_is_eligible',
  },
  (percent, placement, crowd) => walkOn(placement, crowd, roomOf(percent, crowd)),
);
