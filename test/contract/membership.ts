/** A placement through random joins and leaves, and what its members should be then. */
import fc from 'fast-check';
import { expect } from 'vitest';
import { InputError } from '../../core/input-error.ts';
import { probings } from '../../core/placement/probing.ts';
import { hashOf } from '../../core/resolve.ts';
import { tables } from '../../core/tables.ts';
import type { Key, Placement, PlacementEntry, Replica } from '../../core/types.ts';
import type { RingOptions } from '../core/placement/slow-ring.ts';

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

/** A number that is even makes a replica join; an odd one makes one of the members leave. */
export const anyMoves = fc.array(fc.nat(1000), { minLength: 1, maxLength: 20 });

/** A placement under test, with what its members should be. */
export class Subject {
  readonly placement: Placement;
  members: Replica[] = [];
  #joined = 0;
  readonly #entry: PlacementEntry;

  constructor(entry: PlacementEntry, options: RingOptions) {
    this.#entry = entry;
    const { args } = tables.placements.choose(entry.name);
    this.placement = entry.make(args)({ ...options, probing: probings[options.probing] });
  }

  owners(): (string | undefined)[] {
    return keys.map((key) => this.members.find(({ handle }) => handle === this.placement.locate(key))?.name);
  }

  /** Does what the number says; returns the replica that joined or left, or nothing when none could. */
  move(number: number): { joined?: Replica; left?: Replica } {
    return number % 2 === 0 ? this.#join(number) : this.#leave(number);
  }

  #join(number: number): { joined?: Replica } {
    const handle = this.#joined++;
    let id = number % 5;
    while (this.members.some((member) => member.id === id)) id++;
    const replica = { handle, id, name: `S${handle + 1}`, weight: 1 };
    try {
      this.placement.add(replica);
    } catch (error) {
      expect(error).toBeInstanceOf(InputError);
      return {};
    }
    this.members.push(replica);
    return { joined: replica };
  }

  #leave(number: number): { left?: Replica } {
    const which = this.#entry.can.removes === 'last' ? this.members.length - 1 : number % this.members.length;
    const left = this.members.at(which);
    if (this.members.length === 0 || !left) return {};
    this.placement.remove(left.handle);
    this.members = this.members.filter((member) => member !== left);
    return { left };
  }
}
