/**
 * The lab's own ring by number, slot by slot and key by key.
 *
 * The numbers come from twenty lines of Python that fill a list of M slots replica by replica, j ascending
 * (`s = (i*i + j*j + 2*j + 25 + offset) % M`, ids from 1), then scan clockwise from `(k*k + 2*k + 17) % M` for every k.
 */
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../../core/input-error.ts';
import { probings } from '../../../core/placement/probing.ts';
import { FIRST_ID, IDS } from '../../../core/random/ids.ts';
import type { SlotRing } from '../../../core/placement/slot-ring.ts';
import { labRing } from './lab-ring.ts';
import type { lab } from './lab-ring.ts';

/** Keys that each replica owns among all that the lab knows. */
function counts(ring: SlotRing, replicas: number): number[] {
  const owned = Array.from({ length: replicas }, () => 0);
  for (let key = FIRST_ID; key < FIRST_ID + IDS; key++) owned[ring.locate(key)]++;
  return owned;
}

describe('the ring of the lab (LAB 2.1)', () => {
  it('has its 27 virtual servers in these slots, j = 0 to 8', () => {
    const ring = labRing(3);
    expect([0, 1, 2].map((handle) => ring.slotsOf(handle))).toEqual([
      [26, 29, 34, 41, 50, 61, 74, 89, 106],
      [30, 32, 37, 44, 53, 64, 77, 92, 109],
      [35, 38, 42, 49, 58, 69, 82, 97, 114],
    ]);
  });

  it('has them one step on when they are numbered from 1', () => {
    const ring = labRing(3, { vnodeFrom: 1 });
    expect([0, 1, 2].map((handle) => ring.slotsOf(handle))).toEqual([
      [29, 34, 41, 50, 61, 74, 89, 106, 125],
      [32, 37, 44, 53, 64, 77, 92, 109, 128],
      [38, 42, 49, 58, 69, 82, 97, 114, 133],
    ]);
  });

  it('probes on where two virtual servers meet (LAB 2.4)', () => {
    expect([3, 4, 5].map((handle) => labRing(6).slotsOf(handle))).toEqual([
      [43, 45, 51, 56, 65, 76, 90, 104, 121],
      [52, 54, 59, 66, 75, 85, 98, 113, 130],
      [62, 67, 70, 78, 86, 96, 110, 124, 141],
    ]);
  });

  it.each([
    ['linear', 0, 3, [759_374, 42_187, 98_439]],
    ['linear', 1, 3, [752_342, 42_187, 105_471]],
    ['linear', 0, 6, [710_155, 28_125, 84_376, 28_124, 42_188, 7_032]],
    ['linear', 1, 6, [653_904, 42_187, 84_376, 35_156, 49_220, 35_157]],
    ['quadratic', 0, 5, [717_187, 42_187, 21_094, 28_124, 91_408]],
    ['quadratic', 1, 6, [653_904, 42_187, 21_094, 35_156, 56_252, 91_407]],
    ['triangular', 0, 4, [738_282, 28_125, 91_407, 42_186]],
    ['triangular', 1, 6, [653_904, 28_125, 84_376, 49_218, 49_220, 35_157]],
  ])(
    'shares all 900,000 keys so: %s probing, j from %i, N = %i',
    (probing, vnodeFrom, replicas, expected) => {
      expect(counts(labRing(replicas, { probing, vnodeFrom }), replicas)).toEqual(expected);
    },
  );

  it('stands slot by slot as the independent program says, for 1,152 rings', () => {
    const standing = (replicas: number, given: Partial<typeof lab>): string => {
      try {
        return labRing(replicas, given)
          .occupants.map((handle) => handle + 1)
          .join(',');
      } catch (error) {
        expect(error).toBeInstanceOf(InputError);
        return 'none';
      }
    };
    const variants = Object.keys(probings).flatMap((probing) =>
      [0, 1].map((vnodeFrom) => ({ probing, vnodeFrom })),
    );
    const sizes = [1, 2, 9, 16].flatMap((vnodes) =>
      [1, 7, 16, 53, 100, 128, 512, 1000].map((slots) => ({ vnodes, slots })),
    );
    const lines = [1, 2, 3, 4, 5, 6].flatMap((n) =>
      sizes.flatMap((size) =>
        variants.map((variant) => {
          const { vnodes, slots, probing, vnodeFrom } = { ...size, ...variant };
          return `${n} ${vnodes} ${slots} ${probing} ${vnodeFrom} ${standing(n, { ...size, ...variant })}`;
        }),
      ),
    );
    expect(lines.filter((line) => line.endsWith('none'))).toHaveLength(328);
    expect(createHash('sha256').update(lines.join('\n')).digest('hex')).toBe(
      'e2864fb893071a3bd4d68096ba5648f683922ececcac397cc7ceaedf4c8d0abb',
    );
  });

  it('explains a key exactly', () => {
    // 100072² + 2·100072 + 17 = 10014605345; modulo 512 that is 33, and S1 stands in 34, S3 in 35, S2 in 37.
    expect(labRing(3).explain(100_072)).toEqual({
      key: 100_072,
      hash: 10_014_605_345,
      slot: 33,
      walked: [33, 34],
      owner: 'S1',
      next: ['S3', 'S2'],
    });
  });
});
