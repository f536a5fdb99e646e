/** Runs that grow until an interval is narrow enough, or cannot become so. */
import type { Result, Summary } from '../core/result.ts';
import type { Scenario } from '../core/scenario.ts';

/** A little more than the inverse-square law asks for, since the next width is itself chance. */
const RESERVE = 1.15;
const LEAST_GROWTH = 1.3;
const MOST_GROWTH = 16;

/**
 * Repeats the scenario with more requests a run until the interval of its measure is within `precision` of the value.
 * What comes out is exactly what so many requests give without `--precision`.
 * @param run of a scenario with a set number of requests
 */
export function refine(s: Scenario, run: (scenario: Scenario) => Result): Result {
  const most = Math.max(1, Math.floor(s.most / s.runs));
  for (let requests = Math.min(s.requests, most); ;) {
    const result = run({ ...s, requests, precision: 0 });
    const reached = relativeWidth(result.summary, s.of);
    if (Number.isNaN(reached))
      return told(result, s, `has no interval, so ${percent(s.precision)} cannot be reached`);
    if (reached <= s.precision) return told(result, s, `is within ${percent(reached)}`);
    if (requests >= most) {
      const all = `the ${(requests * s.runs).toLocaleString('en-US')} requests that --most allows`;
      const how = Number.isFinite(reached) ? `is within ${percent(reached)}` : 'has no interval';
      return told(result, s, `${how} after ${all}, not ${percent(s.precision)}`);
    }
    const ratio = reached / s.precision;
    const growth = Math.min(MOST_GROWTH, Math.max(LEAST_GROWTH, ratio * ratio * RESERVE));
    requests = Math.min(most, Math.ceil(requests * growth));
  }
}

/** Half the interval's width over the value; Infinity where more requests may bring one, NaN where there is none. */
function relativeWidth({ measures, steady }: Summary, name: string): number {
  const { value, low, high } = measures?.[name] ?? { value: null, low: null, high: null };
  if (steady?.tooFew?.includes(name)) return Infinity;
  if (value === null || low === null || high === null || value === 0) return NaN;
  return (high - low) / 2 / Math.abs(value);
}

function told(result: Result, s: Scenario, outcome: string): Result {
  const { steady } = result.summary;
  const precision = `${s.of} ${outcome}`;
  return {
    ...result,
    scenario: s,
    summary: { ...result.summary, ...(steady && { steady: { ...steady, precision } }) },
  };
}

function percent(share: number): string {
  return `${Number((share * 100).toPrecision(3))}%`;
}
