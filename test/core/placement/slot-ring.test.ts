/**
 * The lab's own ring by number, and each decision on what LAB 2.7 leaves open.
 *
 * The numbers come from twenty lines of Python that fill a list of M slots replica by replica, j ascending
 * (`s = (i*i + j*j + 2*j + 25 + offset) % M`, ids from 1), then scan clockwise from `(k*k + 2*k + 17) % M` for every k.
 */
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../../core/input-error.ts';
import { probings } from '../../../core/placement/probing.ts';
import { slotRing } from '../../../core/placement/slot-ring.ts';
import type { SlotRing } from '../../../core/placement/slot-ring.ts';
import { FIRST_ID, IDS } from '../../../core/random/ids.ts';
import { hashOf } from '../../../core/resolve.ts';
import { NONE } from '../../../core/types.ts';
import type { Replica } from '../../../core/types.ts';

const lab = {
  slots: 512,
  vnodes: 9,
  vnodeFrom: 0,
  probing: 'linear',
  requestHash: 'poly',
  serverHash: 'phi',
};

function ringOf(given: Partial<typeof lab> = {}): SlotRing {
  const { probing, requestHash, serverHash, ...sizes } = { ...lab, ...given };
  return slotRing({
    ...sizes,
    probing: probings[probing],
    requestHash: hashOf(requestHash),
    serverHash: hashOf(serverHash),
  });
}

/** The replica S<id> of the lab; its handle is its id less 1. */
function server(id: number): Replica {
  return { handle: id - 1, id, name: `S${id}`, weight: 1 };
}

function labRing(replicas: number, given: Partial<typeof lab> = {}): SlotRing {
  const ring = ringOf(given);
  for (let id = 1; id <= replicas; id++) ring.add(server(id));
  return ring;
}

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

describe('what LAB 2.7 leaves open', () => {
  const plain = { requestHash: 'modulo', serverHash: 'modulo', vnodes: 1, slots: 8 };

  it('gives a key in an occupied slot to the virtual server there, at distance 0', () => {
    const ring = ringOf(plain);
    ring.add(server(2));
    ring.add(server(5));
    expect([1, 2, 3, 5, 6].map((key) => ring.locate(key))).toEqual([1, 1, 4, 4, 1]);
    expect(ring.explain(5).walked).toEqual([5]);
    expect(ring.explain(6).walked).toEqual([6, 7, 0, 1, 2]);
  });

  it('numbers virtual servers from 0 unless told', () => {
    expect(labRing(1).slotsOf(0)[0]).toBe(1 + 25);
    expect(labRing(1, { vnodeFrom: 1 }).slotsOf(0)[0]).toBe(1 + 1 + 2 + 25);
  });

  it('probes quadratically by squares, and triangular numbers are another probing', () => {
    const slotsFrom3 = (probing: string): (readonly number[])[] => {
      const ring = ringOf({ ...plain, slots: 64, probing, serverHash: 'phi(0,0,0,3)', vnodes: 5 });
      ring.add(server(1));
      return [ring.slotsOf(0)];
    };
    expect(slotsFrom3('linear')).toEqual([[3, 4, 5, 6, 7]]);
    expect(slotsFrom3('quadratic')).toEqual([[3, 4, 7, 12, 19]]);
    expect(slotsFrom3('triangular')).toEqual([[3, 4, 6, 9, 13]]);
  });

  it('refuses a replica whose probing reaches no free slot though there is one, and says what helps', () => {
    const ring = ringOf({ ...plain, probing: 'quadratic', serverHash: 'phi(0,0,0,0)' });
    for (const id of [1, 2, 3]) ring.add(server(id)); // slots 0, 1 and 4: the squares modulo 8
    expect(() => {
      ring.add(server(4));
    }).toThrow(/S4 \(id 4\) found no free slot from slot 0: .* none of the 5 free ones among 8; take linear/);
    expect([...ring.occupants]).toEqual([0, 1, NONE, NONE, 2, NONE, NONE, NONE]);
  });

  it('refuses a replica on a full ring, and takes back the virtual servers that had found a slot', () => {
    const ring = ringOf({ ...plain, vnodes: 3 });
    ring.add(server(1));
    ring.add(server(4));
    const before = [...ring.owners];
    expect(() => {
      ring.add(server(6));
    }).toThrow(/Virtual server 2 of S6 \(id 6\) found no free slot from slot 0: all 8 slots are taken/);
    expect([...ring.owners]).toEqual(before);
  });

  it('reaches every slot by triangular probing when their number is a power of two', () => {
    const ring = ringOf({ ...plain, probing: 'triangular', serverHash: 'phi(0,0,0,5)', vnodes: 8 });
    ring.add(server(1));
    expect([...ring.slotsOf(0)].sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  });
});

describe('a ring with a history', () => {
  it('gives a replacement with the id of the one that left its slots, if nothing else changed', () => {
    const ring = labRing(6);
    const before = [...ring.owners];
    ring.remove(1);
    ring.add({ handle: 6, id: 2, name: 'S7', weight: 1 });
    expect([...ring.owners].map((handle) => (handle === 6 ? 1 : handle))).toEqual(before);
  });

  it('works with one slot, with ids from 0, and with 2^24 slots', () => {
    const one = ringOf({ slots: 1, vnodes: 1 });
    one.add({ handle: 0, id: 0, name: 'S1', weight: 1 });
    expect(one.locate('anything')).toBe(0);
    const large = labRing(3, { slots: 2 ** 24, serverHash: 'md5', requestHash: 'sha256', vnodes: 100 });
    const { slot, owner } = large.explain(999_999);
    expect(owner).toBe(`S${large.owners[slot] + 1}`);
  });

  it('lets the last replica of a large ring leave in no time', () => {
    const ring = labRing(1, { slots: 2 ** 16, vnodes: 30_000, serverHash: 'murmur3' });
    const begun = performance.now();
    ring.remove(0);
    expect(ring.locate(7)).toBe(NONE);
    expect(performance.now() - begun).toBeLessThan(500);
  });
});
