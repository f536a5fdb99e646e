/** Outliers: who is ejected, for how long, on what terms it comes back, and when nobody is to blame. */
import { beforeEach, describe, expect, test } from 'vitest';
import { Standing, defaultStanding } from '../../../live/gateway/standing.ts';

let now = 0;
let standing: Standing;
const join = (options: Partial<typeof defaultStanding> = {}, random = () => 0.5): void => {
  standing = new Standing({ ...defaultStanding, ...options }, () => now, random);
  for (const handle of [0, 1, 2]) standing.joined(handle, true);
};
const failTimes = (n: number, fault: 'broken' | 'status', handle = 0): number[] =>
  Array.from({ length: n }, () => standing.failed(handle, fault));

beforeEach(() => {
  now = 0;
  join();
});

describe('an outlier', () => {
  test('is one after three failures in a row, five statuses in a row, or one refused connection', () => {
    expect(failTimes(3, 'broken')).toEqual([0, 0, 250]);
    join();
    expect(failTimes(5, 'status')).toEqual([0, 0, 0, 0, 250]);
    join();
    expect(standing.failed(0, 'unreachable')).toBe(250);
  });

  test('is none when an answer came in between', () => {
    failTimes(2, 'broken');
    standing.succeeded(0);
    expect(failTimes(2, 'broken')).toEqual([0, 0]);
  });

  test('is none when all fail alike: the service is slow, or an address of it is broken', () => {
    for (const handle of [1, 2]) failTimes(1, 'broken', handle);
    expect(failTimes(9, 'broken')).toEqual(Array(9).fill(0));
    standing.succeeded(1);
    expect(standing.failed(0, 'broken')).toBe(250);
  });

  test('is ejected twice as long each time, and good behaviour makes up for it', () => {
    const eject = (): number => {
      const forMs = standing.failed(0, 'unreachable');
      standing.ejected(0, forMs);
      standing.readmitted(0);
      return forMs;
    };
    expect([eject(), eject(), eject()]).toEqual([250, 500, 1000]);
    for (let i = 0; i < 9; i++) eject();
    expect(eject()).toBe(defaultStanding.mostEjectMs);
    for (let i = 0; i < 20; i++) {
      now += 200_000;
      standing.succeeded(0);
    }
    expect(standing.failed(0, 'unreachable')).toBe(250);
  });
});

describe('a trial', () => {
  beforeEach(() => {
    standing.failed(0, 'unreachable');
    standing.ejected(0, 250);
    standing.readmitted(0);
  });

  test('is one request at a time, of those that can be sent twice', () => {
    expect(standing.admits(0, false)).toBe(false);
    expect(standing.admits(0, true)).toBe(true);
    const trial = standing.started(0);
    expect(standing.admits(0, true)).toBe(false);
    expect(standing.admits(1, false)).toBe(true);
    standing.ended(0, trial);
    expect(standing.admits(0, true)).toBe(true);
  });

  test('has begun anew after another ejection: what is left of the last one does not count', () => {
    const former = standing.started(0);
    standing.ejected(0, 500);
    standing.readmitted(0);
    const trial = standing.started(0);
    standing.ended(0, former);
    expect(standing.admits(0, true)).toBe(false);
    standing.ended(0, trial);
    expect(standing.admits(0, true)).toBe(true);
  });

  test('is one that cannot be sent twice where nothing else comes', () => {
    now += 999;
    expect(standing.admits(0, false)).toBe(false);
    now++;
    expect(standing.admits(0, false)).toBe(true);
    standing.started(0);
    expect(standing.admits(0, false)).toBe(false);
    standing.succeeded(0);
    expect(standing.admits(0, false)).toBe(true);
  });

  test('is over with one answer, or with one failure of any kind', () => {
    standing.started(0);
    expect(standing.failed(0, 'broken')).toBe(500);
    standing.started(0);
    standing.succeeded(0);
    expect(standing.admits(0, false)).toBe(true);
    expect(standing.failed(0, 'broken')).toBe(0);
  });

  test('is waived when too few are left', () => {
    standing.pardoned(0);
    expect(standing.admits(0, false)).toBe(true);
  });
});

describe('slow start', () => {
  test('a joiner gets a tenth of its picks, more and more, and all of them in the end', () => {
    join({ slowStartMs: 1000 }, () => 0.4);
    standing.joined(3, false);
    expect(standing.admits(3, true)).toBe(false);
    expect(standing.admits(0, true)).toBe(true);
    now = 500;
    expect(standing.admits(3, true)).toBe(true);
    join({ slowStartMs: 1000 }, () => 0.999);
    standing.joined(3, false);
    now = 1499;
    expect(standing.admits(3, true)).toBe(false);
    now = 1500;
    expect(standing.admits(3, true)).toBe(true);
  });
});
