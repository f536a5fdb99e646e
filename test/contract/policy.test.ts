/** What every policy of the table promises, whatever happens to its fleet. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tables } from '../../core/tables.ts';
import { NONE } from '../../core/types.ts';
import { anySteps, balancerOf, drive } from './fleet.ts';

const names = tables.policies.entries.map(({ name }) => name);

describe.each(names)('%s', (name) => {
  it('picks a member, or none when there is none', () => {
    fc.assert(
      fc.property(anySteps, fc.constantFrom([1], [5, 1, 1], [2, 9999]), (steps, weights) => {
        for (const { chosen, members } of drive(balancerOf(name), steps, weights)) {
          if (members.length === 0) expect(chosen).toBe(NONE);
          else expect(members.map(({ handle }) => handle)).toContain(chosen);
        }
      }),
    );
  });

  it('picks the same again from the same stream', () => {
    fc.assert(
      fc.property(anySteps, fc.maxSafeNat(), (steps, seed) => {
        const [once, again] = [drive(balancerOf(name, seed), steps), drive(balancerOf(name, seed), steps)];
        expect(again.map(({ chosen }) => chosen)).toEqual(once.map(({ chosen }) => chosen));
      }),
    );
  });

  it('comes to the only member that is left', () => {
    const balancer = balancerOf(name);
    [0, 1, 2].forEach((handle) => {
      balancer.joined({ handle, id: handle, name: `S${handle + 1}`, weight: 1 }, 0);
    });
    for (const handle of [2, 0]) balancer.left(handle, 1);
    expect([1, 2, 3, 4].map((key) => balancer.pick({ key }, 2))).toEqual([1, 1, 1, 1]);
    balancer.left(1, 3);
    expect(balancer.pick({ key: 1 }, 4)).toBe(NONE);
  });

  it('copes with answers of a replica that has left', () => {
    const balancer = balancerOf(name);
    balancer.joined({ handle: 0, id: 0, name: 'S1', weight: 1 }, 0);
    balancer.started(balancer.pick({ key: 1 }, 0), 0);
    balancer.left(0, 1);
    balancer.finished(0, 2, 'lost', 2);
    balancer.joined({ handle: 1, id: 0, name: 'S2', weight: 1 }, 3);
    expect(balancer.pick({ key: 1 }, 3)).toBe(1);
  });
});
