/** Gateways that end: a sound one is started again at once, one that only ever dies is held back more and more. */
import { expect, test } from 'vitest';
import { Comeback } from '../../live/comeback.ts';

test('one that was sound is started again at once, however often it is killed', () => {
  const comeback = new Comeback();
  expect([1001, 5000, 1500].map((ms) => comeback.afterMs(ms))).toEqual([0, 0, 0]);
});

test('one that dies within a second of listening, or never listens, waits twice as long each time, 5 s at most', () => {
  const comeback = new Comeback();
  const lives = [1000, 0, -Infinity, 10, 10, 10, 10, 10];
  expect(lives.map((ms) => comeback.afterMs(ms))).toEqual([100, 200, 400, 800, 1600, 3200, 5000, 5000]);
});

test('a sound one forgives those before it', () => {
  const comeback = new Comeback();
  expect([10, 10, 2000, 10].map((ms) => comeback.afterMs(ms))).toEqual([100, 200, 0, 100]);
});
