/** Smooth weighted round robin against what a real nginx answered. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { smoothRoundRobin } from '../../../core/policy/round-robin.ts';
import type { Balancer } from '../../../core/types.ts';
import { NONE } from '../../../core/types.ts';
import { anySteps, drive } from '../../contract/fleet.ts';

interface Recorded {
  readonly name: string;
  readonly servers: readonly {
    readonly weight: number;
    readonly down?: boolean;
    readonly backup?: boolean;
  }[];
  readonly sequence: readonly number[];
}

const file = new URL('../../golden/nginx-wrr.json', import.meta.url);
const { cases } = JSON.parse(readFileSync(file, 'utf8')) as { cases: Recorded[] };

function withWeights(...weights: number[]): Balancer {
  const balancer = smoothRoundRobin();
  weights.forEach((weight, handle) => {
    if (weight > 0) balancer.joined({ handle, id: handle, name: `S${handle + 1}`, weight }, 0);
  });
  return balancer;
}

const picks = (balancer: Balancer, n: number): number[] =>
  Array.from({ length: n }, (_, now) => balancer.pick({ key: now }, now));

/** nginx's own loop, which looks at every peer. */
function slowRoundRobin(): Balancer {
  let turns: { handle: number; weight: number; credit: number }[] = [];
  return {
    pick() {
      if (turns.length === 0) return NONE;
      for (const turn of turns) turn.credit += turn.weight;
      const best = turns.reduce((first, turn) => (turn.credit > first.credit ? turn : first));
      best.credit -= turns.reduce((sum, { weight }) => sum + weight, 0);
      return best.handle;
    },
    started() {},
    finished() {},
    joined: ({ handle, weight }) => void turns.push({ handle, weight, credit: 0 }),
    left: (handle) => void (turns = turns.filter((turn) => turn.handle !== handle)),
  };
}

describe('round robin', () => {
  it('picks whom a look at every member would pick, through joins and leaves', () => {
    fc.assert(
      fc.property(anySteps, fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1 }), (steps, weights) => {
        const chosen = (balancer: Balancer): number[] =>
          drive(balancer, steps, weights).map((pick) => pick.chosen);
        expect(chosen(smoothRoundRobin())).toEqual(chosen(slowRoundRobin()));
      }),
      { numRuns: 300 },
    );
  });

  it.each(cases)('goes round as nginx did in $name', ({ servers, sequence }) => {
    const weights = servers.map(({ weight, down, backup }) => (down || backup ? 0 : weight));
    expect(picks(withWeights(...weights), sequence.length)).toEqual(sequence);
  });

  it('gives each replica its weight in any window of as many picks as the weights sum to', () => {
    const weights = [7, 1, 4, 2];
    const all = picks(withWeights(...weights), 100);
    for (let from = 0; from + 14 <= all.length; from++) {
      const window = all.slice(from, from + 14);
      expect(weights.map((_, handle) => window.filter((pick) => pick === handle).length)).toEqual(weights);
    }
  });

  it('is plain rotation over equal weights, and goes on so when one leaves and one joins', () => {
    const balancer = withWeights(1, 1, 1);
    expect(picks(balancer, 4)).toEqual([0, 1, 2, 0]);
    balancer.left(1, 4);
    balancer.joined({ handle: 3, id: 1, name: 'S4', weight: 1 }, 4);
    const after = picks(balancer, 300);
    for (const handle of [0, 2, 3]) {
      const got = after.filter((pick) => pick === handle).length;
      expect(Math.abs(got - 100)).toBeLessThanOrEqual(1);
    }
  });
});
