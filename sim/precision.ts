/** Runs that grow until an interval is narrow enough, or cannot become so. */
import type { Result, Summary } from '../core/result.ts';
import { QUANTILES } from '../core/measures.ts';
import type { Scenario } from '../core/scenario.ts';
import { normalQuantile } from '../core/stats/distributions.ts';
import type { Behind, Keep } from './paired.ts';

/** A little more than the inverse-square law asks for, since the next width is itself chance. */
const RESERVE = 1.15;
const LEAST_GROWTH = 1.3;
/** How much further a run goes than one whose width is chance: where the laws say nothing, and where it is as long as they say. */
const MOST_GROWTH = 16;
const MOST_BEYOND = 2;
/** With controls an interval may become several times narrower at once, when enough crowds are there to fit them to: this is looked for on the way. */
const MOST_WITH_CONTROLS = 4;
/** Intervals reach further than the error that the laws tell: for skewness, for few degrees of freedom. */
const WIDER = 1.5;

/**
 * Repeats the scenario with more requests a run until the interval of its measure is within `precision` of the value.
 * What comes out is exactly what so many requests give without `--precision`.
 * @param run of a scenario with a set number of requests, which hands over what is behind its result
 */
export function refine(
  s: Scenario,
  run: (scenario: Scenario, keep: Keep) => Result,
  keep: Keep = () => {},
): Result {
  const most = Math.max(1, Math.floor(s.most / s.runs));
  for (let requests = Math.min(s.requests, most); ;) {
    let behind: Behind | undefined;
    const result = run({ ...s, requests, precision: 0 }, (one) => {
      behind = one;
    });
    const reached = relativeWidth(result.summary, s.of);
    const outcome = outcomeOf(s, reached, requests, most);
    if (outcome !== null) {
      if (behind) keep(behind);
      return told(result, s, outcome);
    }
    const least = Math.ceil(requests * LEAST_GROWTH);
    requests = Math.min(most, Math.max(least, Math.ceil(wanted(s, reached, requests, behind))));
  }
}

/** How it ended; null while it goes on. */
function outcomeOf(s: Scenario, reached: number, requests: number, most: number): string | null {
  if (Number.isNaN(reached)) return `has no interval, so ${percent(s.precision)} cannot be reached`;
  if (reached <= s.precision) return `is within ${percent(reached)}`;
  if (requests < most) return null;
  const all = `the ${(requests * s.runs).toLocaleString('en-US')} requests that --most allows`;
  const how = Number.isFinite(reached) ? `is within ${percent(reached)}` : 'has no interval';
  return `${how} after ${all}, not ${percent(s.precision)}`;
}

/**
 * Requests of the next run: where there is no interval yet, as many as it takes to have one; else what the inverse-square
 * law makes of its width. That is chance itself, and several times too large now and then; so it goes no further than
 * the laws of arrivals and services do, while that is further than it has come.
 */
function wanted(s: Scenario, reached: number, requests: number, behind?: Behind): number {
  if (!Number.isFinite(reached)) return behind?.enough.get(s.of) ?? requests * MOST_GROWTH;
  const ratio = reached / s.precision;
  const bySquares = requests * ratio * ratio * RESERVE;
  const byLaws = behind ? lawful(s, behind.crowding) : 0;
  const most = behind && behind.controls.length > 0 ? requests * MOST_WITH_CONTROLS : Infinity;
  if (byLaws > requests) return Math.min(bySquares, byLaws, most);
  return Math.min(bySquares, most, requests * (byLaws > 0 ? MOST_BEYOND : MOST_GROWTH));
}

/**
 * Requests of a run by which the laws have the measure within the precision. In heavy traffic a mean wait has a relative
 * variance of 4 over the number of crowds, as `core/stats/crowds.ts` counts them (Whitt 1989), and a tail has that of the
 * crowds that reach it: a tail that is off by a share moves an exponential quantile by that over ln 1 / (1 - p).
 */
function lawful({ confidence, of, precision, runs }: Scenario, crowding: number): number {
  const z = normalQuantile((1 + confidence) / 2);
  const p = Object.entries(QUANTILES).find(([label]) => of.includes(label))?.[1];
  const reach = p === undefined ? 1 : (1 - p) * Math.log(1 - p) * Math.log(1 - p);
  return (WIDER * 4 * z * z) / (precision * precision * reach * crowding * runs);
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
