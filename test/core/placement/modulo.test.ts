/** Hash modulo N, by hand. */
import { describe, expect, it } from 'vitest';
import { populatedPlacement } from '../../../core/resolve.ts';
import { scenario } from '../../../core/scenario.ts';

describe('modulo', () => {
  const owners = (...left: number[]): number[] => {
    const placement = populatedPlacement(
      scenario({ replicas: 5, placement: 'modulo', requestHash: 'modulo' }),
    );
    for (const handle of left) placement.remove(handle);
    return [0, 1, 2, 3, 4, 5, 6, 7].map((key) => placement.locate(key));
  };

  it('takes the hash modulo the number of replicas, in order of joining', () => {
    expect(owners()).toEqual([0, 1, 2, 3, 4, 0, 1, 2]);
    expect(owners(1)).toEqual([0, 2, 3, 4, 0, 2, 3, 4]);
  });

  it('moves keys between replicas that stayed, as its summary says', () => {
    expect(owners(4)).toEqual([0, 1, 2, 3, 0, 1, 2, 3]);
  });
});
