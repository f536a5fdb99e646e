/** Policies that want to be told more, in the simulator, which tells them: several balancers, a network, slow replicas. */
import { describe, expect, it } from 'vitest';
import { scenario } from '../../core/scenario.ts';
import type { Scenario } from '../../core/scenario.ts';
import { simulate } from '../../sim/run.ts';

const summaryOf = (given: Partial<Scenario>) => simulate(scenario({ requests: 8000, queue: 1_000_000, ...given })).summary; // prettier-ignore
const p99 = (given: Partial<Scenario>): number => summaryOf(given).responseMs.p99 ?? NaN;

describe('prequal', () => {
  it('does not herd where all replicas are alike, and several balancers probe them', () => {
    const given = { replicas: 40, balancers: 4, arrivals: 'poisson(5600)' };
    const prequal = summaryOf({ ...given, policy: 'prequal' }).responseMs;
    const random = summaryOf({ ...given, policy: 'random' }).responseMs;
    expect(prequal.mean).toBeLessThan(0.9 * (random.mean ?? 0));
    expect(prequal.p99).toBeLessThan(0.8 * (random.p99 ?? 0));
  });

  it('beats random by far in the tail where half of the replicas are slow', () => {
    const given = { replicas: 40, balancers: 4, speeds: '1:0.5', arrivals: 'poisson(4200)' };
    expect(p99({ ...given, policy: 'prequal' })).toBeLessThan(p99({ ...given, policy: 'random' }) / 4);
  });
});

describe('join-idle-queue', () => {
  it('hears from idle replicas, each of which tells one of the balancers', () => {
    const given = { replicas: 50, balancers: 5, arrivals: 'poisson(7000)' };
    const [idle, random] = ['join-idle-queue', 'random'].map((policy) => summaryOf({ ...given, policy }).responseMs.mean ?? NaN); // prettier-ignore
    expect(idle - 5).toBeLessThan((random - 5) / 4);
  });
});

describe('subsetting', () => {
  it('deals the replicas to as many balancers as there are parts', () => {
    const given = { replicas: 12, arrivals: 'poisson(1200)', policy: 'subsetting(3)' };
    expect(summaryOf({ ...given, balancers: 4, deal: 'round-robin' }).peakToMean).toBeLessThan(1.1);
    expect(summaryOf({ ...given, balancers: 1 }).peakToMean).toBeGreaterThan(3.5);
  });
});

describe('least-work-left', () => {
  it('is told the work: its mean is that of one queue before all servers (Erlang C)', () => {
    const { responseMs } = summaryOf({ replicas: 2, policy: 'least-work-left', arrivals: 'poisson(280)', requests: 40_000 }); // prettier-ignore
    // M/M/2 at ρ = 0.7: mean response = service / (1 - ρ²).
    expect(responseMs.mean).toBeGreaterThan((5 / 0.51) * 0.93);
    expect(responseMs.mean).toBeLessThan((5 / 0.51) * 1.07);
  });
});
