/** Bounded loads over every placement of the table, through random joins, leaves, starts and finishes. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../../core/input-error.ts';
import { hashOf } from '../../../core/resolve.ts';
import { stream } from '../../../core/random/stream.ts';
import { scenario } from '../../../core/scenario.ts';
import { tables } from '../../../core/tables.ts';
import { NONE } from '../../../core/types.ts';
import type { Balancer, Placement, PlacementEntry, Replica } from '../../../core/types.ts';
import { simulate } from '../../../sim/run.ts';
import { smallPlacement } from '../../contract/membership.ts';
import type { RingOptions } from '../placement/slow-ring.ts';

const options: RingOptions = {
  slots: 211,
  vnodes: 3,
  vnodeFrom: 0,
  probing: 'linear',
  requestHash: hashOf('murmur3'),
  serverHash: hashOf('md5'),
};

/** What a pick saw. */
interface Seen {
  readonly key: number;
  readonly chosen: number;
  readonly members: readonly Replica[];
  readonly inFlight: (handle: number) => number;
  readonly all: number;
  /** The plain placement's order of all members. */
  readonly order: readonly number[];
}

/** How many requests each rule lets a member have, worked out the slow way. */
type Bound = (one: Replica, seen: Seen, factor: number) => number;

const totalOf = (members: readonly Replica[]): number => members.reduce((sum, { weight }) => sum + weight, 0);

const bounds: Readonly<Record<string, Bound>> = {
  'bounded-load': ({ weight }, { members, all }, factor) =>
    Math.ceil((Math.round(factor * 100) * (all + 1) * weight) / (100 * totalOf(members))),
  'bounded-load-haproxy'(one, { members, all }, factor) {
    const before = totalOf(members.slice(0, members.indexOf(one)));
    const slots = Math.ceil((Math.round(factor * 100) * (all + 1)) / 100);
    const upTo = (weight: number): number => Math.floor((weight * slots) / totalOf(members));
    return Math.max(1, upTo(before + one.weight) - upTo(before));
  },
  // Envoy keeps a host whose requests do not exceed its slots, so that it comes to have one more.
  'bounded-load-envoy': ({ weight }, { members, all }, factor) =>
    1 + Math.max(1, Math.ceil(Math.ceil((Math.round(factor * 100) * (all + 1)) / 100) * (weight / totalOf(members)))), // prettier-ignore
};

/** Drives a policy over one placement beside another one, plain; what picks saw. */
function drive(
  balancer: Balancer,
  plain: Placement,
  { can }: PlacementEntry,
  steps: readonly number[],
): Seen[] {
  let members: Replica[] = [];
  const counts = new Map<number, number>();
  const open: number[] = [];
  const seen: Seen[] = [];
  let joined = 0;

  function join(number: number): void {
    const weight = can.weights ? 1 + (number % 4) : 1;
    const replica = { handle: joined, id: joined, name: `S${joined++}`, weight };
    try {
      plain.add(replica);
    } catch (error) {
      expect(error).toBeInstanceOf(InputError);
      expect(() => { balancer.joined(replica, 0); }).toThrow(InputError); // prettier-ignore
      return;
    }
    balancer.joined(replica, 0);
    members = [...members, replica];
  }
  function leave(number: number): void {
    const left = members.at(can.removes === 'last' ? -1 : number % (members.length || 1));
    if (!left) return;
    plain.remove(left.handle);
    balancer.left(left.handle, 0);
    members = members.filter((member) => member !== left);
  }
  function request(key: number): void {
    const chosen = balancer.pick({ key }, 0);
    const before = new Map(counts);
    const order = plain.locateAll(key, members.length);
    seen.push({
      key,
      chosen,
      members,
      all: open.length,
      order,
      inFlight: (handle) => before.get(handle) ?? 0,
    });
    if (chosen === NONE) return;
    balancer.started(chosen, 0);
    counts.set(chosen, (counts.get(chosen) ?? 0) + 1);
    open.push(chosen);
  }
  function finish(number: number): void {
    const handle = open.splice(number % (open.length || 1), 1).at(0);
    if (handle === undefined) return;
    balancer.finished(handle, 0, 'ok', 1);
    counts.set(handle, (counts.get(handle) ?? 0) - 1);
  }
  for (const step of steps) {
    const [kind, number] = [step % 20, Math.floor(step / 20)];
    if (kind < 2) join(number);
    else if (kind === 2) leave(number);
    else if (kind < 15)
      request(number % 5); // few keys, so that owners fill up
    else finish(number);
  }
  return seen;
}

const anySteps = fc.array(fc.nat(99_999), { minLength: 20, maxLength: 120 });

describe.each(tables.placements.entries.map((entry) => ({ name: entry.name, entry })))(
  'over $name',
  ({ entry }) => {
    const driven = (spec: string, steps: readonly number[]): Seen[] => {
      const policy = tables.policies.choose(spec);
      const placement = (): Placement => smallPlacement(entry.name, options);
      const balancer = policy.entry.make(policy.args)({ placement, random: stream(1, 'policy') });
      return drive(balancer, placement(), entry, steps);
    };

    it.each(Object.keys(bounds))('%s never exceeds its bound, and keeps the owner that has room', (name) => {
      fc.assert(
        fc.property(anySteps, fc.constantFrom(1, 1.1, 1.25, 2), (steps, factor) => {
          for (const one of driven(`${name}(${factor})`, steps)) {
            if (one.members.length === 0) {
              expect(one.chosen).toBe(NONE);
              continue;
            }
            const hasRoom = (handle: number): boolean => {
              const member = one.members.find((each) => each.handle === handle);
              return member !== undefined && one.inFlight(handle) + 1 <= bounds[name](member, one, factor);
            };
            expect(hasRoom(one.chosen)).toBe(true);
            const first = one.order.find(hasRoom);
            if (hasRoom(one.order[0])) expect(one.chosen).toBe(one.order[0]);
            else if (name !== 'bounded-load-envoy' && first !== undefined) expect(one.chosen).toBe(first);
          }
        }),
        { numRuns: 25 },
      );
    });

    it('is the plain placement when the factor is large', () => {
      fc.assert(
        fc.property(anySteps, fc.constantFrom(...Object.keys(bounds)), (steps, name) => {
          for (const { chosen, order } of driven(`${name}(1000000)`, steps))
            expect(chosen).toBe(order.at(0) ?? NONE);
        }),
        { numRuns: 15 },
      );
    });
  },
);

describe('bounded load', () => {
  it('caps what a hot key can do to one replica, where the plain placement overloads it', () => {
    const given = {
      placement: 'maglev',
      keys: 'zipf(1.1)',
      replicas: 6,
      arrivals: 'poisson(900)',
      requests: 20_000,
    };
    const plain = simulate(scenario({ ...given, policy: 'by-key', requestHash: 'murmur3' })).summary;
    for (const name of Object.keys(bounds)) {
      const capped = simulate(
        scenario({ ...given, policy: `${name}(1.25)`, requestHash: 'murmur3' }),
      ).summary;
      expect(capped.peakToMean).toBeLessThan(1.4);
      expect(capped.peakToMean).toBeLessThan(0.75 * plain.peakToMean);
      expect(capped.responseMs.p99).toBeLessThan((plain.responseMs.p99 ?? 0) / 3);
    }
  });

  it('refuses a factor below one', () => {
    expect(() => scenario({ policy: 'bounded-load(0.9)' })).toThrow(
      "'0.9' for factor, which must be a number from 1",
    );
  });

  it('has weights where its placement has', () => {
    const given = { policy: 'bounded-load(1.5)', weights: '3:1' };
    expect(scenario({ ...given, placement: 'ring' }).weights).toBe('3:1');
    expect(() => scenario({ ...given, placement: 'jump' })).toThrow('bounded-load over jump has no weights');
  });
});
