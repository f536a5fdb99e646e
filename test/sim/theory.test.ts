/** Queues against the closed forms of queueing theory. */
import { describe, expect, it } from 'vitest';
import { scenario } from '../../core/scenario.ts';
import type { Summary } from '../../core/result.ts';
import { simulate } from '../../sim/run.ts';
import { agrees, meanMs, one } from './agrees.ts';

const lossOf = ({ completed, requests }: Summary): number => 1 - completed / requests;

/** Erlang's B by its recursion: the chance that all of c workers are busy, at an offered load of a. */
function erlangB(c: number, a: number): number {
  return Array.from({ length: c }, (_, i) => i + 1).reduce((b, k) => (a * b) / (k + a * b), 1);
}

describe('the mean response time', () => {
  it.each([0.3, 0.5, 0.8])('of M/M/1 at load %d is 1/(μ-λ)', (load) => {
    agrees({ arrivals: `poisson(${200 * load})` }, meanMs, 5 / (1 - load));
  });

  it.each([
    [2, 0.7],
    [5, 0.8],
  ])('of M/M/%i at load %d is Erlang’s', (workers, load) => {
    const offered = workers * load;
    const blocked = erlangB(workers, offered);
    const waits = blocked / (1 - load * (1 - blocked));
    const theory = 5 + (waits * 5) / (workers - offered);
    agrees({ workers, arrivals: `poisson(${200 * offered})` }, meanMs, theory);
  });

  it.each([
    ['constant(5)', 0],
    ['lognormal(5,0.5)', 0.25],
    ['lognormal(5,1.5)', 2.25],
    ['pareto(5,4.5)', 1 / (4.5 * 2.5)],
  ])('of M/G/1 with %s is Pollaczek and Khinchin’s', (service, squaredVariation) => {
    const load = 0.6;
    const waiting = (5 * load * (1 + squaredVariation)) / (2 * (1 - load));
    agrees({ service, arrivals: `poisson(${200 * load})` }, meanMs, 5 + waiting);
  });

  it('of D/D/1 below its capacity is the service time', () => {
    const { summary } = simulate(
      scenario({ ...one, service: 'constant(5)', arrivals: 'constant(200)', overload: 'allow' }),
    );
    expect(summary.responseMs.mean).toBeCloseTo(5, 6);
    expect(summary.responseMs.max).toBeCloseTo(5, 6);
  });

  it('of N replicas under random choice is that of N separate M/M/1', () => {
    agrees({ replicas: 4, policy: 'random', arrivals: 'poisson(480)' }, meanMs, 5 / (1 - 0.6));
  });
});

describe('the quantiles of M/M/1', () => {
  it.each(['p50', 'p90', 'p99'] as const)('are those of an exponential: %s', (quantile) => {
    const q = { p50: 0.5, p90: 0.9, p99: 0.99 }[quantile];
    const theory = (5 / (1 - 0.5)) * -Math.log(1 - q);
    agrees({ arrivals: 'poisson(100)' }, ({ summary }) => summary.responseMs[quantile] ?? NaN, theory);
  });
});

describe('a bounded queue', () => {
  it.each([
    [0, 0.8],
    [4, 0.8],
    [9, 1.2],
  ])('of %i places loses M/M/1/K’s share at load %d', (queue, load) => {
    const k = queue + 1;
    const loss = ((1 - load) * load ** k) / (1 - load ** (k + 1));
    agrees({ queue, arrivals: `poisson(${200 * load})` }, ({ summary }) => lossOf(summary), loss);
  });

  it('of no place, with c workers, loses Erlang’s B', () => {
    const given = { queue: 0, workers: 5, arrivals: 'poisson(800)' };
    agrees(given, ({ summary }) => lossOf(summary), erlangB(5, 4));
  });

  it('of no place, with one request at a time, loses nothing', () => {
    const given = { queue: 0, arrivals: 'closed(1,0)', requests: 1000 } as const;
    expect(simulate(scenario({ ...one, ...given })).summary.completed).toBe(1000);
  });
});

describe('a closed loop', () => {
  it.each([
    [1, 20],
    [5, 20],
    [10, 0],
    [20, 50],
  ])('of %i clients who think %d ms has the throughput of mean value analysis', (clients, think) => {
    // Exact for an exponential server and any thinking time: R = S(1 + Q), X = n/(R + Z), Q = XR, n = 1 to N.
    let [waiting, throughput] = [0, 0];
    for (let n = 1; n <= clients; n++) {
      const response = 5 * (1 + waiting);
      throughput = n / (response + think);
      waiting = throughput * response;
    }
    const given = { arrivals: `closed(${clients},${think})` };
    agrees(given, ({ summary }) => summary.completed / summary.durationMs, throughput);
  });
});

describe('utilisation', () => {
  it('is the offered load', () => {
    agrees({ arrivals: 'poisson(280)', workers: 2 }, ({ replicas }) => replicas[0].utilisation ?? NaN, 0.7);
  });
});
