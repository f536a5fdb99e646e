/** Replicas that fail now and then: who fails more often than the rest is ejected, who fails as they do is not. */
import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { scenario } from '../../../core/scenario.ts';
import { INTERVAL_MS, worse } from '../../../live/gateway/success-rate.ts';
import { backend, gatewayBefore, readyAt } from './stage.ts';

const tallies = (...bad: number[]) => bad.map((n, handle) => ({ handle, good: 100 - n, bad: n }));

describe('a success rate', () => {
  it('far below the mean makes an outlier', () => {
    expect(worse(tallies(0, 1, 40, 0, 2), 1.9)).toEqual([2]);
    expect(worse(tallies(0, 0, 0, 0, 30, 0, 0, 0, 35, 0), 1.9)).toEqual([8]);
  });

  it('that is bad in all of them, or hardly worse, makes none', () => {
    expect(worse(tallies(40, 40, 40, 40, 40), 1.9)).toEqual([]);
    expect(worse(tallies(0, 0, 3, 0, 0), 1.9)).toEqual([]);
  });

  it('of few replicas or few requests says nothing', () => {
    expect(worse(tallies(0, 0, 90, 0), 1.9)).toEqual([]);
    expect(worse([...tallies(0, 0, 0, 0), { handle: 4, good: 0, bad: 99 }], 1.9)).toEqual([]);
  });

  it('never makes outliers of more than one in 1 + k²: Chebyshev, one-sided (Cantelli)', () => {
    const any = fc.array(fc.tuple(fc.nat(1000), fc.nat(1000)), { minLength: 5, maxLength: 40 });
    fc.assert(
      fc.property(any, fc.double({ min: 0.1, max: 4, noNaN: true }), (pairs, k) => {
        const given = pairs.map(([good, bad], handle) => ({ handle, good: good + 100, bad }));
        expect(worse(given, k).length).toBeLessThanOrEqual(given.length / (1 + k * k) + 1e-9);
      }),
    );
  });
});

describe('a gateway', () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  async function after(deviation: number): Promise<string> {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    let asked = 0;
    const flaky = await backend((_request, response) => response.writeHead(++asked % 3 === 0 ? 500 : 200).end());
    const sound = await Promise.all([1, 2, 3, 4].map(() => backend((_request, response) => response.end())));
    const options = { scenario: scenario({ policy: 'round-robin' }), outlierDeviation: deviation };
    const { gateway } = await gatewayBefore(readyAt(flaky, ...sound), options);
    for (let i = 0; i < 60; i++) {
      const statuses = await Promise.all(Array.from({ length: 10 }, async () => (await fetch(gateway.url)).status));
      expect(statuses.every((status) => status === 200)).toBe(true);
    }
    vi.advanceTimersByTime(INTERVAL_MS);
    return await (await fetch(`${gateway.adminUrl}/metrics`)).text();
  } // prettier-ignore

  it('ejects the one of five that fails every third time, though never three times in a row', async () => {
    const metrics = await after(1.9);
    expect(metrics).toContain('evenly_ejections_total{replica="S1",reason="success rate"} 1');
    expect(metrics).toContain('\nevenly_replicas_ejected 1\n');
  });

  it('does not when it is told not to', async () => {
    expect(await after(0)).toContain('\nevenly_replicas_ejected 0\n');
  });
});
