/** Each decision on what LAB 2.7 leaves open, and what a ring remembers of its history. */
import { describe, expect, it } from 'vitest';
import { NONE } from '../../../core/types.ts';
import { labRing, ringOf, server } from './lab-ring.ts';

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
    }).toThrow(
      /S4 \(id 4\) found no free slot from slot 0: .* none of the 5 free ones among 8; take --probing linear/,
    );
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
