/** A short stress with fixed seeds: what must hold of every request, and of the gateway's books, while replicas fail in every way. */
import { expect, it } from 'vitest';
import { stressed } from '../../../bench/live/stress/round.ts';

it.each([
  ['all are there', 'calm', 11],
  ['they come and go', 'churn', 2],
  ['they break down', 'breakdowns', 3],
  ['they are ejected', 'ejections', 5],
] as const)(
  'replicas that fail in every way, and %s: nothing is lost that one of them answers, done twice or left over',
  async (_what, weather, seed) => {
    const { findings, ends } = await stressed({ seed, requests: 120, weather });
    expect(findings).toEqual([]);
    expect(ends['right 200']).toBeGreaterThan(60);
  },
);
