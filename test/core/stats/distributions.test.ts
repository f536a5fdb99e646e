/** Distributions against published tables. */
import { describe, expect, it } from 'vitest';
import {
  binomialTail,
  erlangTail,
  normalQuantile,
  studentCdf,
  studentQuantile,
} from '../../../core/stats/distributions.ts';

describe('Student’s t', () => {
  it.each([
    [0.975, 1, 12.7062],
    [0.975, 2, 4.30265],
    [0.975, 10, 2.22814],
    [0.995, 31, 2.74404],
    [0.9995, 19, 3.88341],
  ])('stays with probability %d and %i degrees of freedom below %d', (p, freedom, t) => {
    expect(studentQuantile(p, freedom)).toBeCloseTo(t, 4);
    expect(studentQuantile(1 - p, freedom)).toBeCloseTo(-t, 4);
    expect(studentCdf(t, freedom)).toBeCloseTo(p, 5);
  });

  it('is the normal for many degrees of freedom', () => {
    expect(normalQuantile(0.975)).toBeCloseTo(1.95996, 4);
  });
});

describe('a tail', () => {
  it('of the binomial is the sum of its terms', () => {
    // 10 tosses, at least 8 heads: (45 + 10 + 1) / 1024.
    expect(binomialTail(8, 10, 0.5)).toBeCloseTo(56 / 1024, 12);
    expect([binomialTail(0, 10, 0.5), binomialTail(11, 10, 0.5)]).toEqual([1, 0]);
  });

  it('of Erlang’s is that of so many arrivals not having come', () => {
    expect(erlangTail(2, 3, 1.5)).toBeCloseTo(Math.exp(-3) * (1 + 3 + 4.5), 12);
  });
});
