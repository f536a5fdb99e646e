/** A knob that does nothing is legal where a grid may begin with it, and is not taken in silence. */
import { describe, expect, it } from 'vitest';
import type { Scenario } from '../../../core/scenario.ts';
import { scenario } from '../../../core/scenario.ts';
import { tables } from '../../../core/tables.ts';
import { late, withoutEffect } from '../../../sim/cli/no-effect.ts';
import { simulate } from '../../../sim/run.ts';

const noted = (given: Partial<Scenario>): string[] => withoutEffect(scenario(given), tables);

describe('a knob without effect', () => {
  it.each<[Partial<Scenario>, string]>([
    [{ pauseAt: '10s/0s:S2' }, '--pause-at of S2 at 10 s lasts 0 ms, so it does nothing.'],
    [{ slowAt: '10s/5s:S2x1' }, '--slow-at of S2 at 10 s has the factor 1, so it does nothing.'],
    [{ partitionAt: '1s/0:S1' }, '--partition-at of S1 at 1 s lasts 0 ms, so it does nothing.'],
    [
      { policy: 'power-of-d(100)' },
      'power-of-d(100) of --policy draws all 3 replicas for each request, since there are no more.',
    ],
    [{ first: 5 }, '--first does nothing with --runs 1: means take several runs.'],
  ])('is named: %o', (given, sentence) => {
    expect(noted(given)).toEqual([sentence]);
  });

  it.each<Partial<Scenario>>([
    { pauseAt: '10s/1s:S2', slowAt: '10s/5s:S2x0.5' },
    { policy: 'power-of-d(3)' },
    { policy: 'power-of-d-with-replacement(100)' },
    { policy: 'power-of-d(100)', autoscale: 'in-flight' },
    { first: 5, runs: 2 },
  ])('is not seen where there is an effect: %o', (given) => {
    expect(noted(given)).toEqual([]);
  });

  it('may be a fault after the end of the run, of any kind', () => {
    const one = { requests: 100, failAt: '30s:S1', pauseAt: '40s/1s:S2', slowAt: '1ms/1s:S3x2' };
    const told = late(simulate(scenario(one)));
    expect(told).toHaveLength(2);
    expect(told[0]).toMatch(/^S1 did not fail at 30 s: the run had ended at 0\.\d+ s\.$/);
    expect(told[1]).toMatch(/^S2 did not hang at 40 s/);
  });
});
