/** The retry budget: a share of the last ten seconds' requests, plus a few a second. */
import { expect, test } from 'vitest';
import { RetryBudget } from '../../../live/gateway/retry-budget.ts';

function spendAll(budget: RetryBudget, now: number): number {
  let spent = 0;
  while (budget.withdraw(now)) spent++;
  return spent;
}

test('one in five requests may be tried again, besides the free ones', () => {
  const budget = new RetryBudget({ share: 0.2, leastASecond: 10 });
  expect(spendAll(budget, 0)).toBe(100);
  expect(spendAll(budget, 500)).toBe(0);
  for (let i = 0; i < 1000; i++) budget.deposit(500);
  expect(spendAll(budget, 900)).toBe(200);
});

test('what was put in or taken out is forgotten after ten seconds', () => {
  const budget = new RetryBudget({ share: 1, leastASecond: 0 });
  for (let i = 0; i < 50; i++) budget.deposit(0);
  expect(budget.left(9500)).toBe(50);
  expect(budget.left(11_000)).toBe(0);
  const spent = new RetryBudget({ share: 0, leastASecond: 1 });
  expect(spendAll(spent, 0)).toBe(10);
  expect(spendAll(spent, 5000)).toBe(0);
  expect(spendAll(spent, 60_000)).toBe(10);
});

test('a share of nothing is none', () => {
  const budget = new RetryBudget({ share: 0, leastASecond: 0 });
  for (let i = 0; i < 50; i++) budget.deposit(i);
  expect(budget.withdraw(60)).toBe(false);
});
