/** A part of `lab check`, with few requests: the simulator against theory, and the verdict against a wrong theory. */
import { describe, expect, it } from 'vitest';
import { seedsOf } from '../../core/random/stream.ts';
import { cases, check, verdictOf } from '../../sim/check/check.ts';
import type { Row } from '../../sim/check/check.ts';

/** Those that need a million requests, thousands of runs or a large chain are for `lab check` itself. */
const SLOW = /of 1000|from empty|of [56] at/;
const rows = (): Row[] => {
  const seeds = seedsOf(7, false);
  return cases
    .filter(({ name }) => !SLOW.test(name))
    .flatMap((one) => check(one, 15_000, seeds.next().value));
};

describe('the simulator', () => {
  const found = rows();

  it('gives an interval for every number, and as many hold theory’s as the level says', () => {
    expect(found.length).toBeGreaterThan(80);
    expect(found.filter(({ verdict }) => verdict === 'no interval')).toEqual([]);
    expect(verdictOf(found)).toMatchObject({ ok: true });
  });

  it('would be found out if it were 10% off', () => {
    const wrong = found.map((row): Row => {
      const [low, high] = [(row.low ?? 0) * 1.1, (row.high ?? 0) * 1.1];
      return { ...row, verdict: low <= row.expected && row.expected <= high ? 'inside' : 'outside' };
    });
    expect(verdictOf(wrong).ok).toBe(false);
  });
});
