/** A run as a whole: complete, repeatable, and even where the policy says so. */
import { describe, expect, it } from 'vitest';
import { scenario } from '../../core/scenario.ts';
import { simulate } from '../../sim/run.ts';

describe('a simulated run', () => {
  it('gives the same bytes for the same seed and other bytes for another', () => {
    const bytes = (seed: number): string => JSON.stringify(simulate(scenario({ seed })).summary);
    expect(bytes(42)).toBe(bytes(42));
    expect(bytes(42)).not.toBe(bytes(43));
  });

  it('accounts for every request, through a failure and its replacement', () => {
    const { summary, replicas, events } = simulate(scenario({ failAt: '10s', requests: 10_000 }));
    const { refused, rejected, lost, unroutable } = summary.failures;
    expect(summary.completed + refused + rejected + lost + unroutable).toBe(10_000);
    expect(refused).toBeGreaterThan(0);
    expect(events.map(({ event, replica }) => `${replica} ${event}`)).toEqual([
      'S1 failed',
      'S1 detected',
      'S4 joined',
    ]);
    expect(replicas.map(({ id }) => id)).toEqual([1, 2, 3, 1]);
  });
});
