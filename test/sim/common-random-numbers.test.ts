/** A change of policy, replicas or failures leaves the requests as they were: when they come, and their keys. */
import { describe, expect, it } from 'vitest';
import { scenario } from '../../core/scenario.ts';
import type { Scenario } from '../../core/scenario.ts';
import { tables } from '../../core/tables.ts';
import type { Key } from '../../core/types.ts';
import { simulate } from '../../sim/run.ts';

/** Every request of a run as its balancer sees it, as [time, key]. */
function requestsOf(given: Partial<Scenario>): [number, Key][] {
  const seen: [number, Key][] = [];
  const policies = tables.policies.entries.map((entry) => ({
    ...entry,
    make: (args: readonly number[]): ReturnType<typeof entry.make> => {
      return (options) => {
        const balancer = entry.make(args)(options);
        return {
          ...balancer,
          picks: undefined, // so that every request comes by
          candidates: undefined,
          pick: (request, now) => {
            seen.push([now, request.key]);
            return balancer.pick(request, now);
          },
        };
      };
    },
  }));
  const spied = {
    ...tables,
    policies: policies.reduce((table, entry) => table.with(entry), tables.policies),
  };
  simulate(scenario({ requests: 2000, ...given }, spied), spied);
  return seen;
}

describe('common random numbers', () => {
  const usual = requestsOf({});

  it.each<Partial<Scenario>>([
    { policy: 'random' },
    { policy: 'power-of-d(2)' },
    { policy: 'round-robin', replicas: 7 },
    { serverHash: 'md5', vnodes: 20, slots: 1021 },
    { service: 'pareto' },
    { failAt: '1s', detect: 100 },
    { queue: 0, workers: 3 },
  ])('keep times and keys under %o', (given) => {
    expect(requestsOf(given)).toEqual(usual);
  });

  it('keep the times under other keys, and the keys under other times', () => {
    const times = (requests: [number, Key][]): number[] => requests.map(([now]) => now);
    const keys = (requests: [number, Key][]): Key[] => requests.map(([, key]) => key);
    expect(times(requestsOf({ keys: 'zipf' }))).toEqual(times(usual));
    expect(keys(requestsOf({ arrivals: 'constant' }))).toEqual(keys(usual));
    expect(keys(requestsOf({ arrivals: 'closed(5,1)', policy: 'random' }))).toEqual(keys(usual));
  });

  it('are others for another seed', () => {
    expect(requestsOf({ seed: 43 })).not.toEqual(usual);
  });
});
