/** Cases of one queue with open arrivals: M/M/1, M/M/c, M/G/1, GI/M/1, bounded and impatient queues, bursts, breakdowns. */
import {
  abandonment,
  birthDeath,
  erlangB,
  erlangC,
  lossOfBounded,
} from '../../core/stats/theory/birth-death.ts';
import { meanInPhases } from '../../core/stats/theory/modulated.ts';
import { erlangGap, pollaczekKhinchin, waitOfMMc, waitersOfGM1 } from '../../core/stats/theory/single.ts';
import { tables } from '../../core/tables.ts';
import { measures, poisson, SERVICE, SERVICE_MS, single } from './case.ts';
import type { Case } from './case.ts';

const exponentialResponse = (meanMs: number): Record<string, number> => ({
  responseMeanMs: meanMs,
  responseP50Ms: meanMs * Math.LN2,
  responseP99Ms: meanMs * Math.log(100),
});

const mm1 = [0.3, 0.5, 0.8].map((load): Case => ({
  name: `M/M/1 at ${load}`,
  source: 'Kleinrock 1975, 3.2',
  given: { ...single, ...poisson(load * SERVICE) },
  expected: () =>
    measures({
      ...exponentialResponse(SERVICE_MS / (1 - load)),
      waitMeanMs: (SERVICE_MS * load) / (1 - load),
      inSystem: load / (1 - load),
      fleetUtilisation: load,
    }),
}));

const mmc = (
  [
    [2, 0.7],
    [5, 0.8],
    [20, 0.9],
  ] as const
).map(([workers, load]): Case => ({
  name: `M/M/${workers} at ${load}`,
  source: 'Erlang 1917',
  given: { ...single, workers, ...poisson(load * workers * SERVICE) },
  expected: () =>
    measures({
      waitMeanMs: waitOfMMc(load * workers * SERVICE, SERVICE, workers),
      waitShare: erlangC(workers, load * workers),
    }),
}));

/** Laws with enough moments for a mean wait to have an interval. */
const LAWS = ['constant(5)', 'erlang(5,3)', 'gamma(5,0.7)', 'uniform(5,1)', 'hyperexponential(5,1.5)', 'lognormal(5,0.5)', 'lognormal(5,1)', 'weibull(5,1.5)', 'pareto(5,6)', 'bounded-pareto(5,2.5,50)']; // prettier-ignore

const mg1 = LAWS.map((service): Case => ({
  name: `M/G/1 at 0.6, ${service}`,
  source: 'Pollaczek 1930, Khinchin 1932',
  given: { ...single, service, ...poisson(0.6 * SERVICE) },
  expected() {
    const { entry, args } = tables.services.choose(service);
    const { mean, second } = entry.moments(args);
    return measures({ waitMeanMs: pollaczekKhinchin(0.6 * SERVICE, mean, second), waitShare: 0.6 });
  },
}));

const ps = ['constant(5)', 'exponential(5)', 'hyperexponential(5,2)'].map((service): Case => ({
  name: `M/G/1-PS at 0.6, ${service}`,
  source: 'Kleinrock 1976, 4.4: the mean depends on the mean service alone',
  given: { ...single, service, discipline: 'ps', ...poisson(0.6 * SERVICE) },
  expected: () => measures({ responseMeanMs: SERVICE_MS / 0.4, inSystem: 0.6 / 0.4 }),
}));

/** GI/M/1 by the transform of its gaps; waits and responses follow from the share that waits. */
function gm1(name: string, source: string, given: Case['given'], gap: (s: number) => number): Case {
  return {
    name,
    source,
    given: { ...single, ...given },
    expected() {
      const waiters = waitersOfGM1(gap, SERVICE);
      const meanMs = SERVICE_MS / (1 - waiters);
      return measures({ ...exponentialResponse(meanMs), waitMeanMs: waiters * meanMs, waitShare: waiters });
    },
  };
}

const DM1_GAP = SERVICE_MS / 0.8;
const others: Case[] = [
  gm1('D/M/1 at 0.8', 'Kleinrock 1975, 6.4', { arrivals: `constant(${1000 / DM1_GAP})` }, (s) =>
    Math.exp(-s * DM1_GAP),
  ),
  ...[2, 3, 6].map(
    (n) =>
    gm1(`round robin over ${n} at 0.8, E${n}/M/1`, 'Kleinrock 1975, 6.4', { replicas: n, policy: 'round-robin', ...poisson(0.8 * SERVICE * n) }, erlangGap(0.8 * SERVICE * n, n)), // prettier-ignore
  ),
  ...(
    [
      [5, 0.8],
      [10, 1.2],
    ] as const
  ).map(([places, load]): Case => ({
    name: `M/M/1/${places} at ${load}`,
    source: 'Kleinrock 1975, 3.6',
    given: { ...single, queue: places - 1, ...poisson(load * SERVICE) },
    expected: () =>
      measures({
        rejectedShare: lossOfBounded(load, places),
        inSystem: birthDeath(
          () => load,
          () => 1,
          places,
        ).mean,
      }),
  })),
  ...(
    [
      [5, 4],
      [10, 12],
    ] as const
  ).map(([workers, offered]): Case => ({
    name: `Erlang B, ${workers} workers, ${offered} erlangs`,
    source: 'Erlang 1917',
    given: { ...single, workers, queue: 0, ...poisson(offered * SERVICE) },
    expected: () => measures({ rejectedShare: erlangB(workers, offered) }),
  })),
  ...(
    [
      [1, 0.9],
      [3, 1.2],
    ] as const
  ).map(([workers, load]): Case => ({
    name: `Erlang A, ${workers} workers at ${load}, patience 20 ms`,
    source: 'Palm 1957; Garnett, Mandelbaum, Reiman 2002',
    given: { ...single, workers, patience: 'exponential(20)', ...poisson(load * workers * SERVICE) },
    expected() {
      const arrivals = load * workers * SERVICE;
      const abandonedShare = abandonment(arrivals, SERVICE, workers, 1 / 20);
      return measures({ abandonedShare, inQueue: arrivals * abandonedShare * 20 });
    },
  })),
  {
    name: 'MMPP/M/1 at 0.6',
    source: 'Neuts 1981',
    given: { ...single, arrivals: 'mmpp(180,60,100,100)' },
    expected() {
      const change = [0.01, 0.01] as const;
      const inSystem = meanInPhases({ arrivals: [0.18, 0.06], service: [SERVICE, SERVICE], change });
      return measures({ inSystem, responseMeanMs: inSystem / 0.12 });
    },
  },
  {
    name: 'M/M/1 at 0.5 with breakdowns, 90% up',
    source: 'White, Christie 1958; Neuts 1981',
    given: {
      ...single,
      ...poisson(0.5 * SERVICE),
      mtbf: 'exponential(900)',
      mttr: 'exponential(100)',
      breakdown: 'resume',
      detect: 1e9,
    },
    expected() {
      const arrivals = [0.5 * SERVICE, 0.5 * SERVICE] as const;
      const inSystem = meanInPhases({ arrivals, service: [SERVICE, 0], change: [1 / 900, 1 / 100] });
      return measures({ inSystem, responseMeanMs: inSystem / arrivals[0] });
    },
  },
];

/** In the order in which they are shown. */
export const openCases: readonly Case[] = [...mm1, ...mmc, ...mg1, ...ps, ...others];
