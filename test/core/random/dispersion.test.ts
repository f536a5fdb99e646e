/** The burstiness that arrival processes state of themselves, against counts of what they send. */
import { describe, expect, it } from 'vitest';
import { constantRate, mmpp, poisson } from '../../../core/random/arrivals.ts';
import { stream } from '../../../core/random/stream.ts';
import type { Arrivals, Entry } from '../../../core/types.ts';

const WINDOWS = 2000;
/** Far longer than the bursts below. */
const WINDOW_MS = 4000;

/** Variance of the counts in windows over their mean. */
function measured(entry: Entry<Arrivals>, args: readonly number[]): { stated: number; counted: number } {
  const process = entry.make(args);
  if (process.kind === 'closed') throw new Error('has no rate of its own');
  const random = stream(3, 'arrivals');
  const counts = new Float64Array(WINDOWS);
  for (let at = process.gapMs(random); at < WINDOWS * WINDOW_MS; at += process.gapMs(random)) {
    counts[Math.floor(at / WINDOW_MS)]++;
  }
  const mean = counts.reduce((sum, n) => sum + n, 0) / WINDOWS;
  const squares = counts.reduce((sum, n) => sum + (n - mean) * (n - mean), 0);
  return { stated: process.dispersion ?? NaN, counted: squares / (WINDOWS - 1) / mean };
}

describe('the dispersion that arrivals state', () => {
  // The variance of 2000 counts has a standard error of 3%; windows of 40 bursts show 1% less than endless ones.
  it.each([
    ['poisson', poisson, [100]],
    ['mmpp, busy as often as calm', mmpp, [180, 60, 100, 100]],
    ['mmpp, seldom busy', mmpp, [300, 50, 20, 80]],
  ] as const)('is that of their counts: %s', (_, entry, args) => {
    const { stated, counted } = measured(entry, args);
    expect(counted / stated).toBeGreaterThan(0.88);
    expect(counted / stated).toBeLessThan(1.12);
  });

  it('of equal gaps is none', () => {
    const { stated, counted } = measured(constantRate, [100]);
    expect(stated).toBe(0);
    expect(counted).toBeLessThan(0.01);
  });
});
