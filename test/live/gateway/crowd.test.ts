/** More than a replica can do: a queue that stands is kept short, and what is no such queue is left alone. */
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { Crowd } from '../../../live/gateway/crowd.ts';
import { backend, gatewayBefore, labReplica, readyAt } from './stage.ts';

/** Answers after so many ms, at even gaps, from a time to another. */
function answers(
  crowd: Crowd,
  ms: number | ((at: number) => number),
  from: number,
  to: number,
  gapMs: number,
): void {
  for (let now = from; now < to; now += gapMs) crowd.observe(typeof ms === 'number' ? ms : ms(now), now, 500);
}

describe('how many may wait', () => {
  test('any number, as long as some answers come soon', () => {
    const crowd = new Crowd();
    answers(crowd, 5, 0, 1000, 5);
    answers(crowd, (now) => (now % 50 === 0 ? 6 : 900), 1000, 5000, 5);
    expect(crowd.most).toBe(Infinity);
  });

  test('any number at a replica that has always taken that long', () => {
    const crowd = new Crowd();
    answers(crowd, 2000, 2000, 9000, 5);
    expect(crowd.most).toBe(Infinity);
  });

  test('what is answered in the time that is allowed, once a queue stands, and any again when it is gone', () => {
    const crowd = new Crowd();
    answers(crowd, 5, 0, 1000, 5);
    answers(crowd, 700, 1000, 2000, 5);
    expect(crowd.most).toBeGreaterThan(90); // 200 a second, in half a second
    expect(crowd.most).toBeLessThan(110);
    answers(crowd, 400, 2000, 3000, 5);
    expect(crowd.most).toBe(Infinity);
  });

  test('some in any case, however few are answered', () => {
    const crowd = new Crowd();
    answers(crowd, 5, 0, 1000, 5);
    answers(crowd, 3000, 1000, 9000, 200);
    expect(crowd.most).toBe(32);
  });
});

test('before a replica that gets far more than it can do, some are refused soon, and none once that is over', async () => {
  let free = 0;
  const port = await backend((request, response) => {
    const now = performance.now();
    free = Math.max(now, free) + 5;
    setTimeout(() => {
      labReplica('S1')(request, response);
    }, free - now);
  });
  const options = { shedMs: 100, tryTimeout: 'off' } as const;
  const { gateway } = await gatewayBefore(readyAt(port), options);
  const ask = async (): Promise<string> => {
    const { headers, status } = await fetch(`${gateway.url}/home`);
    return `${status} ${headers.get('retry-after') ?? ''}`.trim();
  };
  expect(await ask()).toBe('200');
  const all: Promise<string>[] = [];
  while (all.length < 900) {
    all.push(ask(), ask(), ask());
    await sleep(3);
  }
  const came = await Promise.all(all);
  expect(new Set(came)).toEqual(new Set(['200', '503 1']));
  expect(came.filter((answer) => answer === '200').length).toBeGreaterThan(100);
  for (let i = 0; i < 30; i++) await ask(); // the queue is gone
  expect(new Set(await Promise.all(Array.from({ length: 60 }, ask)))).toEqual(new Set(['200']));
});
