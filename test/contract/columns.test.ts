/** Whatever draws or picks many at once gives what as many single calls give, and leaves off where they would. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { draws } from '../../core/random/draw.ts';
import { stream } from '../../core/random/stream.ts';
import { uniforms } from '../../core/random/uniforms.ts';
import { MAX_SLOTS, slotOf, slotsOf } from '../../core/hash/slot.ts';
import { tables } from '../../core/tables.ts';
import type { Key, Random, Sampler } from '../../core/types.ts';
import { balancerOf } from './fleet.ts';

/** Counts of values to take, one after the other: now in a column, now one by one. */
const anyCounts = fc.array(fc.oneof(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 500, max: 1200 })), {
  minLength: 1,
  maxLength: 6,
});

function single(law: Sampler<Key>, random: Random, count: number): Key[] {
  return Array.from({ length: count }, () => law(random));
}

/** Every other stretch in a column. */
function mixed(law: Sampler, random: Random, counts: readonly number[]): number[] {
  return counts.flatMap((count, i) => {
    if (i % 2 === 1) return single(law, random, count) as number[];
    const out = new Float64Array(count + 1).fill(-1);
    draws(law, random, out, count);
    expect(out[count], 'nothing behind the front is touched').toBe(-1);
    return [...out.subarray(0, count)];
  });
}

const total = (counts: readonly number[]): number => counts.reduce((sum, count) => sum + count, 0);

describe('a stream', () => {
  it.each([42, -43])('of seed %d gives the same numbers in columns', (seed) => {
    const law: Sampler = Object.assign((random: Random) => random(), { fill: uniforms });
    fc.assert(
      fc.property(anyCounts, (counts) => {
        const apart = single(law, stream(seed, 'service'), total(counts));
        expect(mixed(law, stream(seed, 'service'), counts)).toEqual(apart);
      }),
    );
  });
});

describe.each([
  ...tables.services.entries.map((entry) => [entry.name, () => made(tables.services, entry.name)] as const),
  ...tables.keys.entries.map((entry) => [entry.name, () => made(tables.keys, entry.name)()] as const),
  ...['poisson', 'constant', 'mmpp'].map((name) => [name, () => gapOf(name)] as const),
])('%s', (_name, law) => {
  it('gives the same values in columns', () => {
    fc.assert(
      fc.property(anyCounts, fc.nat(), (counts, seed) => {
        const apart = single(law(), stream(seed, 'service'), total(counts));
        expect(mixed(law() as Sampler, stream(seed, 'service'), counts)).toEqual(apart);
      }),
      { numRuns: 20 },
    );
  });
});

/** Whole numbers of either sign and any size, and some that are none, as a column of keys may hold them. */
const anyKey = fc.oneof(
  fc.integer({ min: -1_000_000, max: 1_000_000 }),
  fc.maxSafeInteger(),
  fc.integer({ min: 0, max: 1_000_000 }).map((key) => key + 0.5),
);
const anySlots = fc.oneof(
  fc.integer({ min: 1, max: MAX_SLOTS }),
  fc.nat(24).map((bits) => 2 ** bits),
);

describe.each(tables.hashes.entries.map(({ name }) => name))('%s', (name) => {
  it('finds the slots of many keys that it finds one by one', () => {
    const hash = made(tables.hashes, name);
    fc.assert(
      fc.property(fc.array(anyKey, { maxLength: 40 }), anySlots, (keys, slots) => {
        const out = new Int32Array(keys.length + 1).fill(-1);
        slotsOf(hash, Float64Array.from(keys), slots, out, keys.length);
        expect([...out]).toEqual([...keys.map((key) => slotOf(hash, key, 0, slots)), -1]);
      }),
    );
  });
});

function made<T>(
  table: { choose(spec: string): { entry: { make(args: readonly number[]): T }; args: readonly number[] } },
  name: string,
): T {
  // prettier-ignore
  const { entry, args } = table.choose(name);
  return entry.make(args);
}

function gapOf(name: string): Sampler {
  const arrivals = made(tables.arrivals, name);
  if (arrivals.kind !== 'open') throw new Error('it has gaps');
  return arrivals.gapMs;
}

describe.each(tables.policies.entries.map(({ name }) => name))('%s', (name) => {
  it('picks for many what it picks one by one, if it does', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(), { maxLength: 40 }), fc.nat(7), fc.nat(), (keys, replicas, seed) => {
        const [apart, together] = [balancerOf(name, seed), balancerOf(name, seed)];
        for (let handle = 0; handle < replicas; handle++) {
          const replica = { handle, id: handle, name: `S${handle}`, weight: 1 + (handle % 3) };
          for (const balancer of [apart, together]) balancer.joined(replica, 0);
        }
        const picked = keys.map((key) => apart.pick({ key }, 1));
        const out = new Int32Array(keys.length);
        const half = keys.length >> 1;
        together.picks?.(() => keys, out, half);
        const rest = out.subarray(half);
        together.picks?.(() => keys.slice(half), rest, rest.length);
        if (together.picks !== undefined) expect([...out]).toEqual(picked);
        expect(together.picks !== undefined).toBe(tables.policies.choose(name).entry.sees === 'nothing');
      }),
    );
  });

  it('goes to the first least loaded of its candidates, if it has any', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 7 }), fc.nat(), fc.array(fc.nat(3)), (replicas, seed, loads) => {
        const [apart, together] = [balancerOf(name, seed), balancerOf(name, seed)];
        const { candidates } = together;
        if (candidates === undefined) return;
        for (let handle = 0; handle < replicas; handle++) {
          const replica = { handle, id: handle, name: `S${handle}`, weight: 1 };
          for (const balancer of [apart, together]) balancer.joined(replica, 0);
          for (let i = 0; i < (loads[handle] ?? 0); i++) apart.started(handle, 0);
        }
        const drawn = new Int32Array(20 * candidates.each);
        candidates.draw(drawn, 20);
        for (let first = 0; first < 20 * candidates.each; first += candidates.each) {
          const few = [...drawn.subarray(first, first + candidates.each)];
          const least = Math.min(...few.map((handle) => loads[handle] ?? 0));
          expect(apart.pick({ key: 1 }, 1)).toBe(few.find((handle) => (loads[handle] ?? 0) === least));
        }
      }),
    );
  });
});
