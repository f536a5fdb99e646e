/** The fullest of n bins, against all ways in which few balls can fall. */
import { describe, expect, it } from 'vitest';
import { meanFullest } from '../../../core/stats/theory/occupancy.ts';

/** The mean over all n^m ways. */
function counted(balls: number, bins: number): number {
  let [ways, total] = [1, 0];
  for (let i = 0; i < balls; i++) ways *= bins;
  for (let way = 0; way < ways; way++) {
    const loads = new Array<number>(bins).fill(0);
    for (let rest = way, i = 0; i < balls; i++, rest = Math.floor(rest / bins)) loads[rest % bins]++;
    total += Math.max(...loads);
  }
  return total / ways;
}

describe('the mean number of balls in the fullest bin', () => {
  it.each([
    [1, 1],
    [3, 2],
    [5, 1],
    [4, 4],
    [6, 3],
    [2, 7],
  ])('of %i balls in %i bins is the mean over all ways', (balls, bins) => {
    expect(meanFullest(balls, bins)).toBeCloseTo(counted(balls, bins), 12);
  });
});
