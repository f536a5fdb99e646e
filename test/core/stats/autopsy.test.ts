/** An uneven load taken apart into causes that are known beforehand. */
import { describe, expect, it } from 'vitest';
import { populatedPlacement, fleetOf } from '../../../core/resolve.ts';
import { scenario } from '../../../core/scenario.ts';
import type { Scenario } from '../../../core/scenario.ts';
import { autopsy, remedies } from '../../../core/stats/autopsy.ts';
import type { Autopsy } from '../../../core/stats/autopsy.ts';
import { tables } from '../../../core/tables.ts';
import type { Key } from '../../../core/types.ts';

function of(given: Partial<Scenario>, requests: ReadonlyMap<Key, number>): Autopsy {
  const s = scenario({ requestHash: 'murmur3', serverHash: 'xxhash32', slots: 4096, vnodes: 50, replicas: 5, ...given }); // prettier-ignore
  return autopsy(populatedPlacement(s), fleetOf(s), requests);
}
const once = (keys: readonly Key[]): Map<Key, number> => new Map(keys.map((key) => [key, 1]));
const many = once(Array.from({ length: 50_000 }, (_, key) => key));

describe('the autopsy', () => {
  it.each(tables.placements.entries.map(({ name }) => name))('adds up for %s', (placement) => {
    const found = of({ placement }, new Map([...many].map(([key, n], i) => [key, n + (i % 3)])));
    for (const { due, placement: own, hash, popularity, load } of found.parts) {
      expect(due + own + hash + popularity).toBeCloseTo(load, 12);
    }
    expect(found.parts.reduce((sum, { load }) => sum + load, 0)).toBeCloseTo(1, 12);
  });

  it('blames the placement for few virtual nodes', () => {
    const found = of({ placement: 'ring', vnodes: 2 }, many);
    expect(found.placement).toBeGreaterThan(0.2);
    expect([found.hash, found.popularity]).toEqual([expect.closeTo(0, 1), 0]);
    expect(remedies(found)[0]).toMatch(/^Placement: .*virtual nodes/);
  });

  it('blames the hash for keys that fall together', () => {
    const even = once(Array.from({ length: 5000 }, (_, i) => i * 5));
    const found = of({ placement: 'modulo', requestHash: 'modulo' }, even);
    expect(found.hash).toBeCloseTo(2, 12); // all on one of five: (0.8² + 4 · 0.2²) · 5 = 4
    expect(remedies(found)[0]).toMatch(/^Hash: these keys do not spread evenly/);
  });

  it('blames luck where keys are few', () => {
    const found = of({ placement: 'jump' }, once(Array.from({ length: 50 }, (_, i) => `key ${i}`)));
    expect(found.luck).toBeCloseTo(Math.sqrt(4 / 50), 12);
    expect(remedies(found).join()).toMatch(/no more than the luck of few keys/);
  });

  it('blames popularity for a hot key', () => {
    const found = of({ placement: 'jump' }, new Map([...many, ['/hot', 50_000]]));
    expect(found.hottest).toEqual({ key: '/hot', share: 0.5 });
    expect(remedies(found)[0]).toMatch(/^Popularity: .*"\/hot" alone is 50.0%/);
  });

  it('counts what is due by weight', () => {
    const found = of({ placement: 'rendezvous', weights: '3:1' }, many);
    expect(found.parts[0].due).toBe(3 / 11);
    expect(found.placement).toBe(0);
    expect(remedies(found)).toEqual(['Nothing worth a change: every cause is below 2%.']);
  });
});
