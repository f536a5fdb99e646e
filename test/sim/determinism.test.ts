/**
 * The same bytes for the same scenario, on every version of Node: what a run gives is recorded in `golden/results.txt`.
 *
 * A line is a scenario, the SHA-256 of its result as JSON, and a few numbers to see how far off a difference is.
 * After a change that is meant to change results: `npx vitest -u determinism`.
 */
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { scenario } from '../../core/scenario.ts';
import type { Scenario } from '../../core/scenario.ts';
import { simulate } from '../../sim/run.ts';

/** Between them: all kinds of arrivals, keys, service times, policies, placements and hashes, and failures. */
const scenarios: Readonly<Record<string, Partial<Scenario>>> = {
  lab: {},
  seeded: { seed: 2 ** 53 - 1, vnodeFrom: 1, probing: 'quadratic', firstId: 0, replicas: 6 },
  skewed: {
    keys: 'zipf(1.1)',
    service: 'lognormal(5,2)',
    serverHash: 'md5',
    requestHash: 'murmur3',
    vnodes: 20,
  },
  'zipf-1': {
    keys: 'zipf(1,1000)',
    service: 'pareto(4,2.1)',
    policy: 'power-of-d(3)',
    workers: 2,
    queue: 10,
  },
  hot: {
    keys: 'hot(0.3,7)',
    arrivals: 'constant(700)',
    placement: 'modulo',
    requestHash: 'xxhash32',
    queue: 50,
  },
  closed: { arrivals: 'closed(40,3)', keys: 'sequential', service: 'constant(2)', policy: 'least-request' },
  weighted: {
    policy: 'round-robin',
    weights: '5:3:1',
    arrivals: 'poisson(500)',
    service: 'lognormal(3,0.4)',
  },
  random: { policy: 'random', replicas: 10, arrivals: 'poisson(1900)', service: 'pareto(4,1.2)', queue: 0 },
  failing: { failAt: '5s+9s:S4+9s:S3', detect: 300, start: 900, bucket: 1000, probing: 'triangular' },
  digests: { requestHash: 'sha256', serverHash: 'sha1', slots: 1021, vnodes: 50, keys: 'zipf(0.8)' },
  checksums: {
    requestHash: 'crc32',
    serverHash: 'fnv1a',
    slots: 100_003,
    vnodes: 100,
    arrivals: 'closed(7,0)',
  },
  bursts: { arrivals: 'mmpp(900,50,300,700)', service: 'hyperexponential(5,3)', policy: 'random' },
  stages: { arrivals: 'closed(9,4,1)', service: 'erlang(5,20)', policy: 'least-request' },
  shapes: { service: 'gamma(5,1.7)', policy: 'random' },
  tails: { service: 'bounded-pareto(5,1.1,1000)', policy: 'random' },
  weibull: { service: 'weibull(5,0.6)', policy: 'random' },
};

describe('a run', () => {
  it('gives the recorded bytes for each scenario', async () => {
    const lines = Object.entries(scenarios).map(([name, given]) => {
      const result = simulate(scenario({ requests: 5000, ...given }));
      const { completed, responseMs, durationMs, peakToMean } = result.summary;
      const digest = createHash('sha256').update(JSON.stringify(result)).digest('hex');
      const numbers = [completed, responseMs.mean, responseMs.p99, durationMs, peakToMean];
      return `${name} ${digest} ${numbers.join(' ')}\n`;
    });
    await expect(lines.join('')).toMatchFileSnapshot('../golden/results.txt');
  });

  it('gives the same bytes twice in one process', () => {
    for (const given of Object.values(scenarios)) {
      const s = scenario({ requests: 500, ...given, failAt: '' });
      expect(JSON.stringify(simulate(s))).toBe(JSON.stringify(simulate(s)));
    }
  });
});
