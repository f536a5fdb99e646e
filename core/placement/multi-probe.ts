/**
 * Multi-probe consistent hashing (Appleton, O'Reilly 2015, arXiv 1505.00062): one point a replica, k probes a key, and
 * the probe wins that is nearest to its next point. The probes are a double hash, as in the paper.
 */
import type { Key, Placement, PlacementEntry, PlacementOptions } from '../types.ts';
import { NONE } from '../types.ts';
import { refuseWeight } from './buckets.ts';
import { circle } from './circle.ts';
import { mix } from './mix.ts';

/** Builds an empty placement with so many probes a key. */
export function multiProbe(
  probes: number,
  { requestHash, serverHash, vnodeFrom }: PlacementOptions,
): Placement {
  const points = circle();
  const names = new Map<number, string>();

  /** The index of the point that wins. */
  function winner(key: Key): number {
    const start = requestHash(key, 0);
    const stride = mix(start, 1) | 1;
    let [best, least] = [0, Infinity];
    for (let i = 0, probe = start; i < probes; i++, probe = (probe + stride) >>> 0) {
      const found = points.find(probe);
      const distance = (points.pointAt(found) - probe) >>> 0;
      if (distance < least) [best, least] = [found, distance];
    }
    return best;
  }

  /** Every member by its distance from the nearest probe before it: who would win if those before left. */
  function order(key: Key, n: number): number[] {
    if (points.members === 0) return [];
    const start = requestHash(key, 0);
    const stride = mix(start, 1) | 1;
    const nearest = new Map<number, number>();
    for (let i = 0, probe = start; i < probes; i++, probe = (probe + stride) >>> 0) {
      for (let at = points.find(probe), seen = 0; seen < points.members; seen++, at = points.after(at)) {
        const [handle, distance] = [points.handleAt(at), (points.pointAt(at) - probe) >>> 0];
        if (distance < (nearest.get(handle) ?? Infinity)) nearest.set(handle, distance);
      }
    }
    const first = points.handleAt(winner(key));
    const byDistance = [...nearest].sort(([, a], [, b]) => a - b).map(([handle]) => handle);
    return [first, ...byDistance.filter((handle) => handle !== first)].slice(0, n);
  }

  return {
    add(replica) {
      refuseWeight(multiProbeEntry, replica);
      points.add(replica.handle, replica.id, Uint32Array.of(serverHash(replica.id, vnodeFrom)));
      names.set(replica.handle, replica.name);
    },
    remove(handle) {
      points.remove(handle);
      names.delete(handle);
    },
    locate: (key) => (points.members === 0 ? NONE : points.handleAt(winner(key))),
    locateAll: order,
    explain(key) {
      const [owner = null, ...next] = order(key, points.members).map((handle) => names.get(handle) ?? '');
      const slot = owner === null ? 0 : winner(key);
      return { key, hash: requestHash(key, 0), slot, walked: owner === null ? [] : [slot], owner, next };
    },
    shares: () => undefined,
    bytes: () => points.bytes(),
  };
}

export const multiProbeEntry: PlacementEntry = {
  name: 'multi-probe',
  summary: 'gives a replica one point and a key k probes, the nearest to a point winning',
  source: "Appleton, O'Reilly 2015, arXiv 1505.00062",
  can: { removes: 'any', weights: false, historyFree: true, monotone: true, shares: 'none' },
  parameters: [{ name: 'probes', default: 21, min: 1, max: 1000, integer: true }],
  make:
    ([probes]) =>
    (options) =>
      multiProbe(probes, options),
};
