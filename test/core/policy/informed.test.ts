/** Policies that know more than requests in flight: each does what its paper or program says of it. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { average, peak, smooth } from '../../../core/policy/ewma.ts';
import { ProbePool } from '../../../core/policy/prequal-pool.ts';
import { reuses } from '../../../core/policy/prequal.ts';
import { NONE } from '../../../core/types.ts';
import type { Balancer } from '../../../core/types.ts';
import { balancerOf } from '../../contract/fleet.ts';
import { meanOf, quantileOf, serve } from './queues.ts';

const even = (n: number): number[] => Array.from({ length: n }, () => 1);
const share = (picks: readonly number[], handle: number): number =>
  picks.filter((pick) => pick === handle).length / picks.length;

/** Waits of one queue before k servers (Kiefer, Wolfowitz 1955). */
function centralQueue(arrivedMs: readonly number[], workMs: readonly number[], k: number): number[] {
  const free = even(k).map(() => 0);
  return arrivedMs.map((now, i) => {
    const at = free.indexOf(Math.min(...free));
    const begins = Math.max(now, free[at]);
    free[at] = begins + workMs[i];
    return begins - now;
  });
}

describe('least-work-left', () => {
  it.each([2, 5, 12])('waits as one queue before %i servers does, request for request', (k) => {
    const { arrivedMs, workMs, waitedMs } = serve({ policy: 'least-work-left', speeds: even(k), load: 0.9, requests: 3000 }); // prettier-ignore
    const expected = centralQueue(arrivedMs, workMs, k);
    expect(Math.max(...expected)).toBeGreaterThan(1);
    waitedMs.forEach((waited, i) => { expect(waited).toBeCloseTo(expected[i], 8); }); // prettier-ignore
  });

  it('knows when a replica of twice the weight, and speed, would be done', () => {
    const speeds = [2, 1, 1];
    const setting = { speeds, weights: speeds, load: 0.9, requests: 10_000 };
    const [informed, blind] = ['least-work-left', 'least-request'].map((policy) => meanOf(serve({ ...setting, policy }).waitedMs)); // prettier-ignore
    expect(informed).toBeLessThan(0.95 * blind);
    const { picks, workMs } = serve({ ...setting, policy: 'least-work-left' });
    const work = [0, 0, 0];
    picks.forEach((handle, i) => (work[handle] += workMs[i]));
    expect(work[0] / (work[0] + work[1] + work[2])).toBeCloseTo(0.5, 1);
  });
});

describe('peak EWMA', () => {
  it('goes up at once, and down by 1/e in its decay time', () => {
    const seen = average(peak, 100);
    for (const [took, at] of [[10, 0], [50, 1], [20, 2]] as const) seen.observe(took, at); // prettier-ignore
    const weight = Math.exp(-1 / 100);
    expect(seen.costMs(2)).toBeCloseTo(50 * weight * weight + 20 * (1 - weight), 9);
    expect(seen.costMs(102)).toBeCloseTo(seen.costMs(2) / Math.E, 9);
    const calm = average(smooth, 100);
    for (const [took, at] of [[10, 0], [50, 1]] as const) calm.observe(took, at); // prettier-ignore
    expect(calm.costMs(1)).toBeCloseTo(10 * weight * weight + 50 * (1 - weight), 9);
  });

  it('avoids a slow replica that the number of requests in flight does not show', () => {
    const setting = { speeds: [...even(5), 0.1], load: 0.3, requests: 10_000 };
    const [peaks, choices] = ['peak-ewma(100)', 'power-of-d(2)'].map((policy) =>
      serve({ ...setting, policy }),
    );
    expect(share(peaks.picks, 5)).toBeLessThan(share(choices.picks, 5) / 2);
    expect(quantileOf(peaks.tookMs, 0.99)).toBeLessThan(quantileOf(choices.tookMs, 0.99) / 2);
  });

  it.each(['peak-ewma', 'ewma'])(
    '%s tries a replica without history once, and then waits for its answer',
    (name) => {
      const balancer = balancerOf(name);
      [0, 1].forEach((handle) => { balancer.joined({ handle, id: handle, name: `S${handle}`, weight: 1 }, 0); }); // prettier-ignore
      const first = balancer.pick({ key: 1 }, 0);
      balancer.started(first, 0);
      const second = balancer.pick({ key: 1 }, 1);
      expect(second).toBe(1 - first);
      balancer.started(second, 1);
      balancer.finished(second, 5, 'ok', 4);
      expect([6, 7, 8].map((now) => balancer.pick({ key: 1 }, now))).toEqual([second, second, second]);
    },
  );

  it('does not take a quick failure for a quick answer', () => {
    const balancer = balancerOf('peak-ewma');
    [0, 1].forEach((handle) => { balancer.joined({ handle, id: handle, name: `S${handle}`, weight: 1 }, 0); }); // prettier-ignore
    for (const handle of [0, 1]) balancer.started(handle, 0);
    for (const handle of [0, 1]) balancer.finished(handle, 10, 'ok', 10 + handle);
    for (let i = 0; i < 50; i++) {
      balancer.started(1, 10);
      balancer.finished(1, 11, 'refused', 1);
    }
    expect(balancer.pick({ key: 1 }, 11)).toBe(0);
  });
});

describe('join-idle-queue', () => {
  it('hardly lets anybody wait when there are many replicas, where random makes them wait four services', () => {
    const setting = { speeds: even(100), load: 0.8, requests: 6000 };
    expect(meanOf(serve({ ...setting, policy: 'join-idle-queue' }).waitedMs)).toBeLessThan(0.02);
    expect(meanOf(serve({ ...setting, policy: 'random' }).waitedMs)).toBeGreaterThan(2);
  });

  it('does so from the reports of idle replicas when several balancers share them', () => {
    const setting = { speeds: even(100), load: 0.8, requests: 6000, balancers: 5 };
    const waited = meanOf(serve({ ...setting, policy: 'join-idle-queue' }).waitedMs);
    expect(waited).toBeLessThan(0.5);
    expect(waited).toBeLessThan(meanOf(serve({ ...setting, policy: 'random' }).waitedMs) / 4);
  });

  it('gives the longest idle one first, and none that left', () => {
    const balancer = balancerOf('join-idle-queue');
    [0, 1, 2, 3].forEach((handle) => { balancer.joined({ handle, id: handle, name: `S${handle}`, weight: 1 }, 0); }); // prettier-ignore
    balancer.left(1, 0);
    expect([0, 1, 2].map(() => pickAndStart(balancer))).toEqual([0, 2, 3]);
    balancer.finished(3, 1, 'ok', 1);
    balancer.finished(0, 2, 'refused', 1);
    balancer.finished(2, 2, 'ok', 1);
    expect([0, 1].map(() => pickAndStart(balancer))).toEqual([3, 2]);
  });
});

function pickAndStart(balancer: Balancer): number {
  const handle = balancer.pick({ key: 1 }, 0);
  balancer.started(handle, 0);
  return handle;
}

describe('prequal', () => {
  it('beats random by far in the tail where half of the replicas are at half speed', () => {
    const setting = { speeds: [...even(20), ...even(20).map(() => 0.5)], load: 0.7, requests: 6000 };
    const tails = ['prequal', 'power-of-d(2)', 'random'].map((policy) => quantileOf(serve({ ...setting, policy }).tookMs, 0.99)); // prettier-ignore
    expect(tails[0]).toBeLessThan(tails[2] / 4);
    expect(tails[0]).toBeLessThan(tails[1]);
  });

  it('takes the quickest of the cold, and the least loaded when all are hot', () => {
    const pool = new ProbePool(16, 0.5);
    const put = (handle: number, inFlight: number, latencyMs: number): void => {
      pool.add({ handle, inFlight, latencyMs, atMs: 0, uses: Infinity });
    };
    for (const [handle, inFlight] of [1, 1, 4, 9].entries()) put(handle, inFlight, 10 - handle);
    expect(pool.take()).toBe(2); // the median is 4: the last is hot, of the others the third is the quickest
    expect(pool.take()).toBe(1); // the third has one more now, and is hot
    for (const handle of [0, 1, 2]) pool.forget(handle);
    put(4, 20, 1);
    put(5, 30, 1);
    for (let i = 0; i < 200; i++) put(6, 0, 1); // the quantile of all answers of late is 0
    pool.forget(6);
    expect(pool.take()).toBe(3);
  });

  it('forgets probes that are old, used up or pushed out', () => {
    const pool = new ProbePool(3, 0.84);
    [0, 1, 2, 3].forEach((handle) => { pool.add({ handle, inFlight: 0, latencyMs: handle, atMs: handle, uses: 2 }); }); // prettier-ignore
    expect(pool.length).toBe(3);
    expect([pool.take(), pool.take(), pool.take(), pool.take()]).toEqual([1, 2, 3, 1]);
    expect(pool.length).toBe(2);
    pool.expire(1002.5);
    expect(pool.length).toBe(1);
    pool.remove();
    expect([pool.length, pool.take()]).toEqual([0, NONE]);
  });

  it('uses a probe as often as keeps the pool from running dry', () => {
    expect(reuses(16, 100, 3)).toBeCloseTo(2 / (0.84 * 3 - 1), 12);
    expect(reuses(16, 100, 20)).toBe(1);
    expect(reuses(16, 10, 3)).toBe(Infinity);
  });

  it('probes as many different replicas for each request as told, on average', () => {
    fc.assert(
      fc.property(fc.constantFrom(0.5, 1, 2.5, 3), fc.integer({ min: 3, max: 9 }), (rate, n) => {
        const balancer = balancerOf(`prequal(${rate})`);
        for (let handle = 0; handle < n; handle++) balancer.joined({ handle, id: handle, name: `S${handle}`, weight: 1 }, 0); // prettier-ignore
        let probes = 0;
        for (let i = 0; i < 100; i++) {
          balancer.pick({ key: i }, i);
          const targets = new Set<number>();
          for (
            let target = balancer.probe?.(i) ?? NONE;
            target !== NONE;
            target = balancer.probe?.(i) ?? NONE
          ) {
            expect(targets.has(target)).toBe(false);
            targets.add(target);
            probes++;
          }
        }
        expect(probes).toBe(100 * rate);
      }),
      { numRuns: 20 },
    );
  });
});
