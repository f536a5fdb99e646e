/** A replica fails, the balancer notices, a replacement serves (LAB 3.2): every request and every step of the way. */
import { describe, expect, it } from 'vitest';
import { InputError } from '../../core/input-error.ts';
import type { Scenario } from '../../core/scenario.ts';
import { run } from './steady.ts';

const events = (given: Partial<Scenario>): string[] =>
  run(given).events.map(({ atMs, event, replica }) => `${atMs} ${replica} ${event}`);

describe('a failure', () => {
  it('is noticed after the detection time, and made up for after the start time', () => {
    expect(events({ failAt: '1050ms:S2' })).toEqual(['1050 S2 failed', '1550 S2 detected', '2250 S4 joined']);
  });

  it('refuses what is sent until it is noticed, and nothing after', () => {
    // Between 1050 and 1550 ms five requests come, at 1100 to 1500; S2's turns are at 200, 500, 800, 1100 and 1400.
    const { summary, replicas } = run({ failAt: '1050ms:S2' });
    expect(summary.failures).toMatchObject({ refused: 2, rejected: 0, lost: 0, unroutable: 0 });
    expect(replicas[1]).toMatchObject({ requests: 5, completed: 3, failed: 2, failedMs: 1050 });
    expect(summary.completed).toBe(58);
  });

  it('gives the replacement the id and weight of the one that failed, under a name of its own', () => {
    const { replicas } = run({ failAt: '1s:S2', weights: '1:5:1', firstId: 0 });
    expect(replicas.map(({ replica, id, weight }) => [replica, id, weight])).toEqual([
      ['S1', 0, 1],
      ['S2', 1, 5],
      ['S3', 2, 1],
      ['S4', 1, 5],
    ]);
    expect(replicas[3].joinedMs).toBe(2200);
  });

  it('loses what was in service and what waited', () => {
    const slow = {
      service: 'constant(5000)',
      requests: 30,
      queue: 3,
      workers: 2,
      failAt: '3s:S1',
      detect: 0,
    } as const;
    // S1 gets a request each 300 ms from 100 ms on: two in service, three waiting, the rest up to 3 s rejected.
    const { replicas, summary } = run({ ...slow, start: 1e6 });
    expect(summary.failures.lost).toBe(5);
    expect(replicas[0]).toMatchObject({ requests: 10, completed: 0, failed: 10 });
  });

  it('counts the time that a worker was busy before it failed', () => {
    const given = { replicas: 1, requests: 1, service: 'constant(8000)', arrivals: 'closed(1,0)' };
    expect(run({ ...given, failAt: '6s' }).replicas[0].utilisation).toBe(1);
    expect(run({ ...given, failAt: '6s', workers: 4 }).replicas[0].utilisation).toBe(0.25);
    const { replicas } = run({
      ...given,
      requests: 3,
      arrivals: 'closed(2,0)',
      failAt: '12s',
      detect: 0,
      start: 0,
    });
    expect(replicas[0]).toMatchObject({ completed: 1, utilisation: 1 });
  });

  it('is seen by no one when detection and start take no time', () => {
    const { summary, events: seen } = run({ failAt: '1050ms:S2', detect: 0, start: 0 });
    expect(summary.completed).toBe(60);
    expect(seen.map(({ atMs }) => atMs)).toEqual([1050, 1050, 1050]);
  });

  it('at the moment of an arrival comes first, and at 0 before all', () => {
    expect(run({ failAt: '200ms:S2' }).replicas[1]).toMatchObject({ requests: 2, completed: 0, failed: 2 });
    expect(run({ failAt: '0s:S1', arrivals: 'closed(1,100)' }).replicas[0].completed).toBe(0);
  });

  it('after the end does not happen', () => {
    expect(events({ failAt: '1h'.replace('h', '000s') })).toEqual([]);
  });

  it('of a replacement is made up for too, by the same id', () => {
    const { replicas } = run({ failAt: '1s:S2+3s:S4' });
    expect(replicas.map(({ replica, id }) => `${replica}=${id}`)).toEqual([
      'S1=1',
      'S2=2',
      'S3=3',
      'S4=2',
      'S5=2',
    ]);
  });

  it.each(['1s:S1+2s:S1', '1s:S1+1s:S1', '1s:S4+2s:S1'])('of one that does not run is told: %s', (failAt) => {
    expect(() => run({ failAt })).toThrow(InputError);
    expect(() => run({ failAt })).toThrow(/--fail-at names S[14] at \d+ ms, when S.* ran\.$/);
  });

  it('of two at once leaves the third to serve', () => {
    const { summary, replicas } = run({ failAt: '1050ms:S1+1050ms:S2', start: 1e6, detect: 0 });
    expect(summary.completed).toBe(60);
    expect(replicas[2].completed).toBe(60 - 7);
  });
});
