/** When no replica is left, and the timeline that shows it. */
import { describe, expect, it } from 'vitest';
import type { Scenario } from '../../core/scenario.ts';
import { run } from './steady.ts';

describe('when no replica is left', () => {
  const none: Partial<Scenario> = { replicas: 1, failAt: '1050ms:S1' };

  it('requests are refused until it is noticed, unroutable until there is one again', () => {
    const { summary, replicas } = run(none);
    expect(summary.failures).toMatchObject({ refused: 5, rejected: 0, lost: 0, unroutable: 7 });
    expect(replicas[1].completed).toBe(60 - 10 - 5 - 7);
  });

  it.each([
    ['closed(10,0)', 1],
    ['closed(10,0)', 0],
    ['closed(3,50)', 0],
  ])('clients of %s go on, with refusals of %d ms, and the run ends', (arrivals, refuse) => {
    const { summary } = run({ ...none, arrivals, refuse, start: 1e9, requests: 5000 });
    const { refused, lost, unroutable } = summary.failures;
    expect(summary.completed + refused + lost + unroutable).toBe(5000);
    expect(refused).toBeGreaterThan(0);
  });

  it.each(['by-key', 'random', 'round-robin', 'least-request', 'power-of-d'])(
    '%s finds no one, then the new one',
    (policy) => {
      const { replicas, summary } = run({ ...none, policy });
      expect(summary.failures.unroutable).toBe(7);
      expect(replicas[1].completed).toBe(38);
    },
  );
});

describe('the timeline', () => {
  it('has every replica in every step from its joining on, and sums to its row', () => {
    const { timeline, replicas } = run({ failAt: '1050ms:S2', bucket: 300 });
    for (const { replica, requests, completed, failed, joinedMs } of replicas) {
      const steps = timeline.filter((step) => step.replica === replica);
      const total = (of: 'picked' | 'completed' | 'failed'): number =>
        steps.reduce((sum, s) => sum + s[of], 0);
      expect([total('picked'), total('completed'), total('failed')]).toEqual([requests, completed, failed]);
      const first = Math.floor(joinedMs / 300) * 300;
      expect(steps.map(({ fromMs }) => fromMs)).toEqual(steps.map((_, i) => first + 300 * i));
    }
  });

  it('is empty unless asked for', () => {
    expect(run({}).timeline).toEqual([]);
  });
});
