/** The model's features against theory: sharing, patience, breakdowns, finite populations, speeds, a network. */
import { describe, it } from 'vitest';
import type { Result } from '../../core/result.ts';
import { agrees, meanMs } from './agrees.ts';

const shareOf =
  (kind: 'abandoned' | 'refused') =>
  ({ summary }: Result): number =>
    summary.failures[kind] / summary.requests;

/** Chances of 0 to `most` in a birth-death process, by its balance equations. */
function birthDeath(most: number, birth: (n: number) => number, death: (n: number) => number): number[] {
  const weights = [1];
  for (let n = 1; n <= most; n++) weights.push((weights[n - 1] * birth(n - 1)) / death(n));
  const total = weights.reduce((a, b) => a + b);
  return weights.map((weight) => weight / total);
}

const meanOver = (chances: readonly number[], of: (n: number) => number): number =>
  chances.reduce((sum, chance, n) => sum + chance * of(n), 0);

describe('processor sharing', () => {
  it.each(['constant(5)', 'hyperexponential(5,2)'])(
    'with %s has the mean of M/M/1, whatever the law (Kleinrock 1976, 4.4)',
    (service) => {
      agrees({ discipline: 'ps', service, arrivals: 'poisson(120)', requests: 6000 }, meanMs, 5 / (1 - 0.6));
    },
  );

  it('of two workers has the mean of M/M/2', () => {
    const load = 0.7;
    const theory = 5 / (1 - load * load);
    agrees({ discipline: 'ps', workers: 2, arrivals: 'poisson(280)', requests: 6000 }, meanMs, theory);
  });

  it('with a bound loses M/M/1/K’s share', () => {
    const loss = (0.2 * 0.8 ** 5) / (1 - 0.8 ** 6);
    const given = { discipline: 'ps', queue: 4, arrivals: 'poisson(160)', requests: 6000 };
    agrees(given, ({ summary }) => summary.failures.rejected / summary.requests, loss);
  });
});

describe('impatient clients', () => {
  it('leave as often as in Erlang A, M/M/c+M, also above capacity (Palm 1957)', () => {
    const [c, service, patience] = [3, 5, 20];
    for (const perMs of [0.75]) {
      const chances = birthDeath(
        500,
        () => perMs,
        (n) => Math.min(n, c) / service + Math.max(0, n - c) / patience,
      );
      const left = meanOver(chances, (n) => Math.max(0, n - c)) / patience / perMs;
      const given = {
        workers: c,
        patience: `exponential(${patience})`,
        arrivals: `poisson(${1000 * perMs})`,
      };
      agrees({ ...given, requests: 6000 }, shareOf('abandoned'), left);
    }
  });
});

describe('breakdowns', () => {
  it('that halt the work make M/M/1 wait as White and Christie (1958) say', () => {
    const [arrive, serve, fail, repair] = [0.08, 0.2, 1 / 200, 1 / 50];
    const either = fail + repair;
    const atOnce =
      (arrive * (either * either + fail * serve)) / (either * (repair * serve - arrive * either));
    const given = { mtbf: 'exponential(200)', mttr: 'exponential(50)', breakdown: 'resume' };
    agrees({ ...given, arrivals: 'poisson(80)' }, meanMs, atOnce / arrive);
  });

  it('that nobody notices refuse what comes while the replica is down (Poisson arrivals see time averages)', () => {
    const given = {
      mtbf: 'exponential(200)',
      mttr: 'exponential(50)',
      detect: 1e12,
      arrivals: 'poisson(80)',
    };
    agrees({ ...given, requests: 6000 }, shareOf('refused'), 0.2);
  });
});

describe('a finite population', () => {
  it('of 8 clients, thinking exponentially, has the throughput of machine repair by two (M/M/2//8)', () => {
    const [clients, think, service] = [8, 15, 5];
    const chances = birthDeath(
      clients,
      (n) => (clients - n) / think,
      (n) => Math.min(n, 2) / service,
    );
    const perMs = meanOver(chances, (n) => Math.min(n, 2) / service);
    const given = { workers: 2, arrivals: `closed(${clients},${think},1)`, requests: 6000 };
    agrees(given, ({ summary }) => summary.completed / summary.durationMs, perMs);
  });
});

describe('speed and distance', () => {
  it('of a replica twice as fast halve the mean, and a network adds its delay both ways', () => {
    agrees({ speeds: '2', arrivals: 'poisson(200)', requests: 5000 }, meanMs, 2.5 / (1 - 0.5));
    agrees({ network: 'constant(3)', arrivals: 'poisson(100)', requests: 5000 }, meanMs, 5 / (1 - 0.5) + 6);
  });

  it('do not change what a try takes at a replica that is never busy', () => {
    const given = {
      network: 'uniform(3,1)',
      arrivals: 'closed(1,0)',
      service: 'constant(5)',
      requests: 2000,
    };
    agrees(given, meanMs, 11);
  });
});
