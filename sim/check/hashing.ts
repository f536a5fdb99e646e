/** Trials of hashing: what arcs a ring gives its replicas, and how unevenly a hash or chance deals requests. */
import { stream } from '../../core/random/stream.ts';
import { placementOf } from '../../core/resolve.ts';
import { scenario } from '../../core/scenario.ts';
import type { Scenario } from '../../core/scenario.ts';
import { overloadProbability } from '../../core/stats/ring-overload.ts';
import { meanFullest } from '../../core/stats/theory/occupancy.ts';
import { simulate } from '../run.ts';
import type { Trials } from './case.ts';

/** Ids as addresses are: far apart and without order. */
const IDS = 1e9;

const arcs = (
  [
    [3, 1, 0.6],
    [6, 9, 0.8],
    [10, 64, 0.8],
  ] as const
).map(([replicas, vnodes, load]): Trials => ({
  name: `ring arcs: N = ${replicas}, K = ${vnodes} at ${load}`,
  source: 'Whitworth 1897; Levin 1981: the largest of Dirichlet shares',
  expected: () => ({ overloaded: overloadProbability(replicas, vnodes, load) }),
  observe(trials, seed) {
    const random = stream(seed, 'keys');
    const s = scenario({ placement: 'ring', serverHash: 'murmur3', requestHash: 'murmur3', vnodes });
    const overloaded = Array.from({ length: trials }, () =>
      largestShare(s, replicas, random) * replicas * load >= 1 ? 1 : 0,
    );
    return { overloaded };
  },
}));

/** The share of the ring that the replica with most of it has, on a ring of replicas with random ids. */
function largestShare(s: Scenario, replicas: number, random: () => number): number {
  const ring = placementOf(s);
  for (let handle = 0; handle < replicas; handle++)
    ring.add({ handle, id: 1 + Math.floor(random() * IDS), name: `S${handle + 1}`, weight: 1 });
  return Math.max(...(ring.shares()?.values() ?? []));
}

const BINS = 10;
const BALLS = 100;

const bins = (
  [
    ['random', { policy: 'random' }],
    ['hash modulo N', { placement: 'modulo', requestHash: 'murmur3' }],
  ] as const
).map(([what, given]): Trials => ({
  name: `balls in bins: ${BALLS} on ${BINS}, ${what}`,
  source: 'the multinomial law: Pearson 1900; Raab, Steger 1998',
  expected: () => ({ chiSquare: BINS - 1, fullest: meanFullest(BALLS, BINS) }),
  observe(trials, seed) {
    const random = stream(seed, 'runs');
    const loads = Array.from({ length: trials }, () => dealt({ ...given, seed: Math.floor(random() * IDS) }));
    return { chiSquare: loads.map(chiSquare), fullest: loads.map((load) => Math.max(...load)) };
  },
}));

/** How many requests each replica gets. */
function dealt(given: Partial<Scenario>): number[] {
  const { replicas } = simulate(scenario({ replicas: BINS, requests: BALLS, ...given }));
  return replicas.map(({ requests }) => requests);
}

function chiSquare(loads: readonly number[]): number {
  const mean = BALLS / BINS;
  return loads.reduce((sum, load) => sum + ((load - mean) * (load - mean)) / mean, 0);
}

export const hashingTrials: readonly Trials[] = [...arcs, ...bins];
