/** A flag that would be ignored is not taken in silence. */
import { describe, expect, it } from 'vitest';
import { gridOf } from '../../../sim/cli/flags.ts';

describe('a flag whose partner is absent', () => {
  it.each([
    [{ mttr: 'exponential(100)' }, /^--mttr does nothing without --mtbf or --fail-at: give one, such as/],
    [{ misses: '3' }, /^--misses does nothing without --heartbeat/],
    [{ backoff: 'constant(5)' }, /^--backoff does nothing without --retries/],
    [{ scaleMax: '7' }, /^--scale-max does nothing without --autoscale/],
    [{ of: 'responseP99Ms' }, /^--of does nothing without --precision/],
    [{ deal: 'round-robin' }, /^--deal does nothing without --balancers/],
    [{ rampFrom: '0.5' }, /^--ramp-from does nothing without --ramp/],
  ])('is refused: %o', async (given, sentence) => {
    await expect(gridOf(given)).rejects.toThrow(sentence);
  });

  it.each([
    { mttr: 'exponential(100)', mtbf: 'exponential(1000)' },
    { mttr: 'exponential(100)', failAt: '1s' },
    { backoff: 'constant(5)', retries: '0,2' },
    { retryBudget: '0.1', hedge: 'p95' },
  ])('is taken with it, even where a part of the grid turns that off: %o', async (given) => {
    await expect(gridOf(given)).resolves.toHaveProperty('grid');
  });
});
