/** A run on a machine that was too busy says so. */
import { describe, expect, it } from 'vitest';
import { judge, watchFitness } from '../../live/fit.ts';

describe('fitness', () => {
  it('is denied with a reason for everything that is over its limit', () => {
    expect(judge(1, 0.5, 0.5)).toMatchObject({ ok: true, reasons: [] });
    const busy = judge(12.34, 0.99, 0.99);
    expect(busy.ok).toBe(false);
    expect(busy.reasons).toHaveLength(3);
    expect(busy.reasons[0]).toContain('12.3 ms late');
  });

  it('sees an event loop that was blocked', async () => {
    const judged = watchFitness();
    for (let i = 0; i < 5; i++) {
      const until = performance.now() + 60;
      while (performance.now() < until);
      await new Promise((resolve) => setImmediate(resolve));
    }
    const { ok, loopBusy, loopLateMs } = judged();
    expect(ok).toBe(false);
    expect(loopBusy).toBeGreaterThan(0.9);
    expect(loopLateMs).toBeGreaterThan(40);
  });
});
