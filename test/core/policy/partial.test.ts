/** Policies that use a part of the replicas, and weighted random: who gets which part, and how much. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shardOf } from '../../../core/policy/shuffle-sharding.ts';
import { subsetOf } from '../../../core/policy/subsetting.ts';
import type { Replica } from '../../../core/types.ts';
import { balancerOf } from '../../contract/fleet.ts';
import { chiSquare, chiSquareLimit } from '../../statistics.ts';
import { serve } from './queues.ts';

const fleet = (n: number, weights: readonly number[] = [1]): Replica[] =>
  Array.from({ length: n }, (_, handle) => ({ handle, id: handle + 1, name: `S${handle + 1}`, weight: weights[handle % weights.length] })); // prettier-ignore
const handles = (replicas: readonly Replica[]): number[] =>
  replicas.map(({ handle }) => handle).sort((a, b) => a - b);

describe('shuffle-sharding', () => {
  it('deals all shards of two among eight alike', () => {
    const counts = new Map<string, number>();
    const keys = 14_000;
    for (let key = 0; key < keys; key++) {
      const shard = handles(shardOf(fleet(8), key, 2)).join();
      counts.set(shard, (counts.get(shard) ?? 0) + 1);
    }
    expect(counts.size).toBe(28);
    expect(chiSquare([...counts.values()], Array<number>(28).fill(1 / 28))).toBeLessThan(chiSquareLimit(27));
  });

  it('keeps a key in its shard, whatever the load there', () => {
    const balancer = balancerOf('shuffle-sharding(2)');
    for (const replica of fleet(8)) balancer.joined(replica, 0);
    for (const key of [1, 'a', 2]) {
      const shard = handles(shardOf(fleet(8), key, 2));
      const picks = Array.from({ length: 20 }, () => {
        const handle = balancer.pick({ key }, 0);
        balancer.started(handle, 0);
        return handle;
      });
      expect([...new Set(picks)].sort((a, b) => a - b)).toEqual(shard);
    }
  });

  it('finds the shard anew once the members change, and among more keys than it keeps', () => {
    const balancer = balancerOf('shuffle-sharding(2)');
    const members = fleet(80);
    for (const replica of members.slice(0, 70)) balancer.joined(replica, 0);
    const agrees = (now: readonly Replica[], keys: number): void => {
      for (let key = 0; key < keys; key++) {
        expect(balancer.pick({ key: key % 5000 }, 0)).toBe(shardOf(now, key % 5000, 2)[0].handle);
      }
    };
    agrees(members.slice(0, 70), 10_000);
    for (const replica of members.slice(70)) balancer.joined(replica, 0);
    agrees(members, 100);
    balancer.left(3, 0);
    agrees(members.filter(({ handle }) => handle !== 3), 100); // prettier-ignore
  });

  it('changes only shards of the replica that left', () => {
    fc.assert(
      fc.property(fc.string(), fc.nat(9), fc.integer({ min: 1, max: 4 }), (key, gone, k) => {
        const before = handles(shardOf(fleet(10), key, k));
        const after = handles(shardOf(fleet(10).filter(({ handle }) => handle !== gone), key, k)); // prettier-ignore
        if (!before.includes(gone)) expect(after).toEqual(before);
        else expect(after.filter((handle) => before.includes(handle))).toHaveLength(k - 1);
      }),
    );
  });
});

describe('subsetting', () => {
  it('uses every replica once in a round, and shuffles anew for the next', () => {
    const rounds = [0, 1].map((round) =>
      [0, 1, 2, 3].map((i) => handles(subsetOf(fleet(12), 3, 4 * round + i))),
    );
    for (const round of rounds) expect(round.flat().sort((a, b) => a - b)).toEqual([...Array(12).keys()]);
    expect(rounds[0]).not.toEqual(rounds[1]);
  });

  it('leaves out different ones in each round where they do not fill a part', () => {
    const left = (round: number): number[] => {
      const used = [0, 1, 2].flatMap((i) => handles(subsetOf(fleet(10), 3, 3 * round + i)));
      return [...Array(10).keys()].filter((handle) => !used.includes(handle));
    };
    expect(new Set([...Array(20).keys()].flatMap(left)).size).toBeGreaterThan(7);
  });

  it('loads all replicas alike with as many balancers as parts', () => {
    const { picks } = serve({ policy: 'subsetting(3)', speeds: Array<number>(12).fill(1), load: 0.5, requests: 6000, balancers: 8 }); // prettier-ignore
    const counts = [...Array(12).keys()].map((handle) => picks.filter((pick) => pick === handle).length);
    expect(Math.max(...counts) / Math.min(...counts)).toBeLessThan(1.25);
  });

  it('is all of them when they are few', () => {
    expect(handles(subsetOf(fleet(3), 20, 7))).toEqual([0, 1, 2]);
  });
});

describe('weighted-random', () => {
  it('draws in proportion to the weights', () => {
    const weights = [5, 1, 3, 1];
    const balancer = balancerOf('weighted-random');
    for (const replica of fleet(4, weights)) balancer.joined(replica, 0);
    const counts = [0, 0, 0, 0];
    for (let key = 0; key < 20_000; key++) counts[balancer.pick({ key }, 0)]++;
    expect(chiSquare(counts, weights.map((weight) => weight / 10))).toBeLessThan(chiSquareLimit(3)); // prettier-ignore
  });
});
