/** A placement through random joins and leaves, and what its members should be then. */
import fc from 'fast-check';
import { expect } from 'vitest';
import { InputError } from '../../core/input-error.ts';
import { probings } from '../../core/placement/probing.ts';
import { hashOf } from '../../core/resolve.ts';
import { tables } from '../../core/tables.ts';
import type { Key, Placement, PlacementEntry, Replica } from '../../core/types.ts';
import type { RingOptions } from '../core/placement/slow-ring.ts';
import type { Change } from './slow-histories.ts';

const hashes = tables.hashes.entries.map(({ name }) => name);

/** Keys that every check looks up. */
export const keys: Key[] = [
  ...Array(40).keys(),
  100_000,
  999_999,
  '',
  '007',
  'S1',
  '/home',
  '\ud800',
  -1,
  NaN,
];

/** Small rings, since they are the ones that fill up, wrap round and collide. */
export const anyOptions: fc.Arbitrary<RingOptions> = fc.record({
  slots: fc.oneof(fc.integer({ min: 1, max: 24 }), fc.integer({ min: 1, max: 300 })),
  vnodes: fc.integer({ min: 1, max: 9 }),
  vnodeFrom: fc.nat(1),
  probing: fc.constantFrom(...Object.keys(probings)),
  requestHash: fc.constantFrom(...hashes).map((name) => hashOf(name)),
  serverHash: fc.constantFrom(...hashes).map((name) => hashOf(name)),
});

/** A number that is even makes a replica join; an odd one makes one of the members leave, or change its weight. */
export const anyMoves = fc.array(fc.nat(1000), { minLength: 1, maxLength: 20 });

/** Small tables, which fill up, and room for every join. */
const specs: Readonly<Record<string, string>> = {
  anchor: 'anchor(32)',
  dx: 'dx(29)', // no power of two, so that draws are rejected too
  maglev: 'maglev(251)',
  'multi-probe': 'multi-probe(5)',
};

/** An empty placement of an entry, small enough for many tries. */
export function smallPlacement(name: string, options: RingOptions): Placement {
  const { entry, args } = tables.placements.choose(specs[name] ?? name);
  return entry.make(args)({ ...options, probing: probings[options.probing] });
}

/** A placement under test, with what its members should be. */
export class Subject {
  readonly placement: Placement;
  members: Replica[] = [];
  /** Every join and leave so far. */
  readonly history: Change[] = [];
  #joined = 0;
  readonly #entry: PlacementEntry;

  constructor(entry: PlacementEntry, options: RingOptions) {
    this.#entry = entry;
    this.placement = smallPlacement(entry.name, options);
  }

  owners(): (string | undefined)[] {
    return keys.map((key) => this.members.find(({ handle }) => handle === this.placement.locate(key))?.name);
  }

  /** Does what the number says; returns the replica that joined or left (both: it was reweighted), if one could. */
  move(number: number): { joined?: Replica; left?: Replica } {
    if (number % 2 === 0) return this.#join(number);
    return number % 5 === 0 && this.#entry.can.weights ? this.#reweight(number) : this.#leave(number);
  }

  #reweight(number: number): { joined?: Replica; left?: Replica } {
    const left = this.members.at(number % (this.members.length || 1));
    if (!left) return {};
    const joined = { ...left, weight: 1 + (number % 7) };
    this.placement.remove(left.handle);
    this.placement.add(joined);
    this.members = [...this.members.filter((member) => member !== left), joined];
    this.history.push({ replica: left, joins: false }, { replica: joined, joins: true });
    return { joined, left };
  }

  #join(number: number): { joined?: Replica } {
    const handle = this.#joined++;
    let id = number % 5;
    while (this.members.some((member) => member.id === id)) id++;
    const replica = { handle, id, name: `S${handle + 1}`, weight: this.#weight(number) };
    try {
      this.placement.add(replica);
    } catch (error) {
      expect(error).toBeInstanceOf(InputError);
      return {};
    }
    this.members.push(replica);
    this.history.push({ replica, joins: true });
    return { joined: replica };
  }

  #weight(number: number): number {
    return this.#entry.can.weights ? 1 + (number % 3) : 1;
  }

  #leave(number: number): { left?: Replica } {
    const which = this.#entry.can.removes === 'last' ? this.members.length - 1 : number % this.members.length;
    const left = this.members.at(which);
    if (this.members.length === 0 || !left) return {};
    this.placement.remove(left.handle);
    this.members = this.members.filter((member) => member !== left);
    this.history.push({ replica: left, joins: false });
    return { left };
  }
}
