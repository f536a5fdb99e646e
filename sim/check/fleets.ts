/** Cases of fleets, closed loops and beginnings: exact chains for few replicas, the limit for many, MVA, M/M/1 from empty. */
import { birthDeath } from '../../core/stats/theory/birth-death.ts';
import { meanResponse, responseQuantile, shortestQueue } from '../../core/stats/theory/shortest-queue.ts';
import { responseOfClosed, responseOfManyChoices } from '../../core/stats/theory/single.ts';
import { meanAt, waitOfNth } from '../../core/stats/theory/transient.ts';
import { measures, poisson, SERVICE, SERVICE_MS, single } from './case.ts';
import type { Case, Expected } from './case.ts';

/** Replicas, looked at, load, and the length at which the chain is cut off. */
const SMALL: readonly (readonly [number, number, number, number])[] = [
  [2, 2, 0.8, 60],
  [3, 3, 0.8, 35],
  [4, 4, 0.8, 20],
  [5, 5, 0.8, 13],
  [6, 6, 0.8, 11],
  [3, 2, 0.8, 40],
  [4, 2, 0.8, 25],
  [5, 2, 0.8, 16],
  [6, 2, 0.7, 10],
];

const small = SMALL.map(([replicas, d, load, longest]): Case => ({
  name: `${d === replicas ? 'join the shortest' : `power of ${d}`} of ${replicas} at ${load}`,
  source: 'exact: the Markov chain of the sorted queue lengths',
  given: {
    ...single,
    replicas,
    policy: d === replicas ? 'least-request' : `power-of-d(${d})`,
    ...poisson(load * replicas * SERVICE),
  },
  expected() {
    const joined = shortestQueue(replicas, d, load, longest);
    return measures({
      responseMeanMs: meanResponse(joined, SERVICE_MS),
      responseP99Ms: responseQuantile(joined, 0.99, SERVICE_MS),
      waitShare: 1 - joined.ahead[0],
    });
  },
}));

/** Replicas and draws, of which some fall on the same replica. */
const repeated = (
  [
    [2, 2],
    [4, 3],
  ] as const
).map(([replicas, d]): Case => ({
  name: `power of ${d} with replacement of ${replicas} at 0.8`,
  source: 'exact: the Markov chain of the sorted queue lengths',
  given: {
    ...single,
    replicas,
    policy: `power-of-d-with-replacement(${d})`,
    ...poisson(0.8 * replicas * SERVICE),
  },
  expected() {
    const joined = shortestQueue(replicas, d, 0.8, replicas === 2 ? 80 : 25, 'with replacement');
    return measures({
      responseMeanMs: meanResponse(joined, SERVICE_MS),
      responseP99Ms: responseQuantile(joined, 0.99, SERVICE_MS),
    });
  },
}));

/** At 1,000 replicas the limit is 0.1% off, far within the interval. */
const many: Case = {
  name: 'power of 2 of 1000 at 0.9',
  source: 'the limit of many replicas: Vvedenskaya et al. 1996; Mitzenmacher 2001',
  given: {
    ...single,
    replicas: 1000,
    slots: 16_384,
    policy: 'power-of-d(2)',
    ...poisson(900 * SERVICE),
    requests: 1_000_000,
  },
  expected: () => measures({ responseMeanMs: responseOfManyChoices(0.9, 2, SERVICE_MS) }),
};

const closed = (
  [
    [5, 20],
    [20, 50],
  ] as const
).map(([clients, think]): Case => ({
  name: `closed loop, ${clients} clients thinking ${think} ms`,
  source: 'mean value analysis: Reiser, Lavenberg 1980; machine repair',
  given: { ...single, arrivals: `closed(${clients},${think},1)` },
  expected() {
    const idle = birthDeath(
      (n) => (clients - n) / think,
      () => SERVICE,
      clients,
    ).states[0];
    const responseMeanMs = responseOfClosed(clients, SERVICE_MS, think);
    return measures({ responseMeanMs, fleetUtilisation: 1 - idle, throughput: 1000 * (1 - idle) * SERVICE });
  },
}));

const beginning: Case = {
  name: 'M/M/1 at 0.8 from empty',
  source: 'uniformisation: Jensen 1953; Kelton, Law 1985',
  given: {
    ...single,
    ...poisson(0.8 * SERVICE),
    requests: 200,
    runs: 2000,
    warmup: 'none',
    bucket: 20,
    first: 20,
  },
  expected: () => [
    ...[20, 100, 200].map((atMs): Expected => ({
      what: `in system at ${atMs} ms`,
      value: meanAt(atMs, 0.8 * SERVICE, SERVICE),
      of: ({ beginning: b }) => b?.inSystem.find((row) => row.atMs === atMs),
    })),
    ...[2, 5, 20].map((request): Expected => ({
      what: `wait of request ${request}`,
      value: waitOfNth(request, 0.8 * SERVICE, SERVICE),
      of: ({ beginning: b }) => b?.requests[request - 1]?.waitMs,
    })),
  ],
};

/** In the order in which they are shown. */
export const fleetCases: readonly Case[] = [...small, ...repeated, many, ...closed, beginning];
