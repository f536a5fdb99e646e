/** Runs the simulator against theory: every case, every number, and whether all of them together can be chance. */
import type { Measure } from '../../core/measures.ts';
import { scenario } from '../../core/scenario.ts';
import { binomialTail, studentQuantile } from '../../core/stats/distributions.ts';
import { interval95 } from '../../core/stats/interval.ts';
import { simulate } from '../run.ts';
import type { Case, Trials } from './case.ts';
import { fleetCases } from './fleets.ts';
import { hashingTrials } from './hashing.ts';
import { openCases } from './open.ts';

export const cases: readonly (Case | Trials)[] = [...openCases, ...fleetCases, ...hashingTrials];

/** One number: what theory says, what came out, and how far apart they are. */
export interface Row {
  readonly name: string;
  readonly what: string;
  readonly source: string;
  readonly expected: number;
  readonly simulated: number | null;
  readonly low: number | null;
  readonly high: number | null;
  /** Distance in standard errors, those to the side of the expected value. */
  readonly z: number | null;
  readonly verdict: 'inside' | 'outside' | 'no interval';
}

/** All numbers, and what they come to. */
export interface Verdict {
  readonly confidence: number;
  readonly numbers: number;
  readonly outside: number;
  /** The chance of as many outside or more if the simulator is right and the numbers were independent. */
  readonly chance: number;
  readonly ok: boolean;
}

export const CONFIDENCE = 0.95;
/** Rarer than this is no chance. */
const RARE = 1e-3;
/** A single number so many standard errors off is an alarm by itself: 1 in 16,000. */
const ALARM = 4;

/** A trial stands for so many requests; fewer than the least say nothing of a chance. */
const REQUESTS_A_TRIAL = 1000;
const LEAST_TRIALS = 200;

/** Simulates one case, with so many requests where it does not say. */
export function check(one: Case | Trials, requests: number, seed: number): Row[] {
  if ('observe' in one)
    return tried(one, Math.max(LEAST_TRIALS, Math.ceil(requests / REQUESTS_A_TRIAL)), seed);
  const result = simulate(scenario({ requests, seed, confidence: CONFIDENCE, ...one.given }));
  return one.expected().map((number) => rowOf(one, number.what, number.value, number.of(result)));
}

function tried(one: Trials, trials: number, seed: number): Row[] {
  const values = one.observe(trials, seed);
  return Object.entries(one.expected()).map(([what, value]) => {
    const { mean, half } = interval95(values[what]);
    return rowOf(one, what, value, { value: mean, low: mean - half, high: mean + half });
  });
}

function rowOf(
  { name, source }: Pick<Case, 'name' | 'source'>,
  what: string,
  value: number,
  found: Measure | undefined,
): Row {
  const { value: simulated = null, low = null, high = null } = found ?? {};
  const row = { name, what, source, expected: value, simulated, low, high };
  if (simulated === null || low === null || high === null) return { ...row, z: null, verdict: 'no interval' };
  const half = value < simulated ? simulated - low : high - simulated;
  const z = half === 0 ? 0 : ((value - simulated) / half) * studentQuantile((1 + CONFIDENCE) / 2, 31);
  return { ...row, z, verdict: low <= value && value <= high ? 'inside' : 'outside' };
}

/**
 * Whether the simulator holds: of n intervals at 95% some are bound to miss, so the number of misses is held against
 * the binomial distribution. Numbers of one run depend on each other, which is why only rare counts are a failure.
 */
export function verdictOf(rows: readonly Row[]): Verdict {
  const outside = rows.filter(({ verdict }) => verdict !== 'inside').length;
  const chance = binomialTail(outside, rows.length, 1 - CONFIDENCE);
  const alarmed = rows.some(({ z, verdict }) => verdict === 'no interval' || Math.abs(z ?? 0) > ALARM);
  return { confidence: CONFIDENCE, numbers: rows.length, outside, chance, ok: chance >= RARE && !alarmed };
}
