/** Which quantiles a run says too little of to have an interval, since hardly any crowd of it reaches them. */
import { erlangsOf, meanOf } from '../core/load.ts';
import type { Measures, Ratios } from '../core/measures.ts';
import { QUANTILES } from '../core/measures.ts';
import type { ReplicaRow } from '../core/result.ts';
import type { Scenario } from '../core/scenario.ts';
import { squaredVariation } from '../core/random/service/moments.ts';
import { crowdsIn, FEWEST_CROWDS } from '../core/stats/crowds.ts';
import type { Tables } from '../core/tables.ts';
import { busiestOf } from './offered.ts';
import { sum } from '../core/stats/sum.ts';

/** The crowds in one run's sums by batch; Infinity in a closed loop, whose clients bound them. */
export function crowdsOf(
  s: Scenario,
  { fleetUtilisation, failedShare }: Ratios,
  replicas: readonly ReplicaRow[],
  tables: Tables,
): number {
  const erlangs = erlangsOf(s, tables);
  if (erlangs === undefined) return Infinity;
  const { entry, args } = tables.services.choose(s.service);
  const process = tables.arrivals.choose(s.arrivals);
  const arrivals = process.entry.make(process.args);
  const workers = s.replicas * s.workers;
  const arrived = {
    requests: failedShare.denominator,
    spans: Float64Array.from(fleetUtilisation.denominator, (ms) => ms / workers),
  };
  return crowdsIn(arrived, {
    load: busiestOf(s, erlangs, replicas, tables).load,
    variation: squaredVariation(entry.moments(args)),
    dispersion: arrivals.kind === 'open' ? arrivals.dispersion : undefined,
    places: s.queue + s.workers,
    resetsAMs: often(s.patience, tables) + (s.breakdown === 'lose' ? often(s.mtbf, tables) : 0),
  });
}

/**
 * Independent chances that requests had to fail, or to wait: its crowds, in a closed loop the rounds of its clients, and
 * no more than the breakdowns that are to be expected where replicas break down.
 */
export function trialsOf(
  s: Scenario,
  { fleetUtilisation, failedShare }: Ratios,
  crowds: number,
  tables: Tables,
): number {
  const requests = sum(failedShare.denominator);
  const { entry, args } = tables.arrivals.choose(s.arrivals);
  const arrivals = entry.make(args);
  const alike = arrivals.kind === 'closed' ? arrivals.clients : 1;
  const upMs = sum(fleetUtilisation.denominator) / s.workers;
  const breakdowns = s.mtbf === 'none' ? Infinity : upMs * often(s.mtbf, tables);
  return Math.max(1, Math.min(crowds, requests / alike, breakdowns));
}

/** How often what a law gives the time between happens; never where there is none. */
function often(law: string, tables: Tables): number {
  return law === 'none' ? 0 : 1 / meanOf(law, tables);
}

/** The measures that a run of so many requests has too few crowds for, and why in one sentence. */
export interface TooFew {
  readonly names: readonly string[];
  readonly why: string | null;
  /** Requests of a run that each of them takes. */
  readonly enough: ReadonlyMap<string, number>;
  /** Crowds a request. */
  readonly crowding: number;
}

/**
 * A cut that was found in the run counts as if it had stayed: it follows the outcome, and whether there is an interval must not.
 * @param crowds in all runs together
 * @param cut requests of a run, on average, that are left out
 */
export function tooFew(s: Scenario, measures: Measures, crowds: number, cut: number): TooFew {
  const crowding = crowds / ((s.requests - cut) * s.runs);
  const out = s.warmup === 'auto' ? 0 : cut;
  const needed = (p: number): number => Math.ceil(FEWEST_CROWDS / crowding / (1 - p));
  const rare = Object.entries(QUANTILES).filter(
    ([, p]) => crowding * (s.requests - out) * s.runs * (1 - p) < FEWEST_CROWDS,
  );
  const enough = new Map(
    rare.flatMap(([label, p]) =>
      [`response${label}Ms`, `wait${label}Ms`]
        .filter((name) => name in measures)
        .map((name) => [name, Math.ceil(needed(p) / s.runs + out)] as const),
    ),
  );
  const names = [...enough.keys()];
  if (rare.length === 0) return { names, why: null, enough, crowding };
  const shown = rare.map(([label, p]) => `${label.toLowerCase()} (about ${rounded(needed(p))} requests)`);
  const why = `so short a run sees too few of the crowds that make a tail for an interval of ${shown.join(', ')}`;
  return { names, why, enough, crowding };
}

/** To two digits. */
export function rounded(requests: number): string {
  return Number(requests.toPrecision(2)).toLocaleString('en-US');
}
