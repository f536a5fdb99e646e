/** What both engines emit: tidy rows a replica and a step of time, and the summary over them. */
import type { Provenance } from './provenance.ts';
import type { Measure, Measures } from './measures.ts';
import type { Scenario } from './scenario.ts';
import { coefficientOfVariation, peakToMean } from './stats/fairness.ts';
import type { Histogram } from './stats/histogram.ts';

/** Requests that did not succeed, by kind. */
export interface Failures {
  /** Sent to a replica that had failed and was not yet known to have. */
  refused: number;
  /** Turned away by a full queue. */
  rejected: number;
  /** Waiting or in service at a replica when it failed. */
  lost: number;
  /** Without an answer in time. */
  timeout: number;
  /** Left by clients who would not wait for their service to begin. */
  abandoned: number;
  /** No replica was a member. */
  unroutable: number;
}

/** One replica over a whole run. */
export interface ReplicaRow {
  readonly replica: string;
  readonly id: number;
  readonly weight: number;
  /** Requests that the balancer picked it for. */
  readonly requests: number;
  /** Of all requests that were picked for a replica. */
  readonly share: number;
  readonly completed: number;
  readonly failed: number;
  readonly joinedMs: number;
  /** When it failed, or null. */
  readonly failedMs: number | null;
  /** Busy time of its workers over their time alive; null where the engine cannot tell. */
  readonly utilisation: number | null;
}

/** One replica in one step of the timeline. */
export interface StepRow {
  readonly fromMs: number;
  readonly replica: string;
  readonly picked: number;
  readonly completed: number;
  readonly failed: number;
}

/** Something that happened to a replica. */
export interface FleetEvent {
  readonly atMs: number;
  readonly event:
    | 'failed'
    | 'detected'
    | 'joined'
    | 'repaired'
    | 'returned'
    | 'left'
    | 'slow'
    | 'quick again'
    | 'hung'
    | 'resumed'
    | 'cut off'
    | 'reachable';
  readonly replica: string;
}

/** Response times of completed requests over all of a run, in ms; null where none completed. */
export interface ResponseTimes {
  readonly mean: number | null;
  readonly p50: number | null;
  readonly p90: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
  readonly max: number | null;
}

/** How the measures of a summary were come by. */
export interface Steady {
  readonly confidence: number;
  readonly method: 'batch means' | 'replications';
  readonly runs: number;
  /** What was left out at the start, of each run; of several runs, on average. */
  readonly warmup: { readonly requests: number; readonly ms: number };
  /** Why some measures, or all, have no interval. */
  readonly noInterval: string | null;
  /** Measures without an interval only because the run is too short for them; absent where there are none. */
  readonly tooFew?: readonly string[];
  /** By how much variance reduction divided the variance of each measure; null where none was asked for. */
  readonly gain: Readonly<Record<string, number>> | null;
  /** What became of `--precision`; null where it was not asked for. */
  readonly precision?: string;
}

/** How runs get under way, on average over them: `--runs` with `--bucket` or `--first`. */
export interface Beginning {
  /** Requests in the system at set times. */
  readonly inSystem: readonly ({ readonly atMs: number } & Measure)[];
  /** Times of the first requests, one by one, from 1. */
  readonly requests: readonly {
    readonly request: number;
    readonly waitMs: Measure;
    readonly responseMs: Measure;
  }[];
}

/** The numbers that a comparison of scenarios shows. */
export interface Summary {
  readonly requests: number;
  readonly completed: number;
  readonly failures: Failures;
  /** Tries beyond the first of each request; those that a budget forbade are not among them. Null where the engine cannot tell. */
  readonly retries: number | null;
  readonly hedges: number | null;
  /** Over the places of the fleet: a replacement counts with the replica whose id it took over. */
  readonly peakToMean: number;
  readonly coefficientOfVariation: number;
  readonly responseMs: ResponseTimes;
  /** From the start to the last answer. */
  readonly durationMs: number;
  /** What would happen in the long run, without the warm-up and with intervals: the simulator alone can tell. */
  readonly measures?: Measures;
  readonly steady?: Steady;
}

/** What was asked, and what came of it. Of several runs, all but measures and beginning is the first one's. */
export interface Result {
  readonly engine: 'sim' | 'live';
  readonly scenario: Scenario;
  readonly summary: Summary;
  readonly replicas: readonly ReplicaRow[];
  readonly events: readonly FleetEvent[];
  readonly timeline: readonly StepRow[];
  readonly beginning?: Beginning;
  /** Added where a result is written down, for `lab rerun` to repeat it. */
  readonly provenance?: Provenance;
}

/** The quantiles that every engine reports. */
export function responseTimes(recorded: Omit<Histogram, 'record'>): ResponseTimes {
  const known = (value: number): number | null => (recorded.count === 0 ? null : value);
  const at = (q: number): number | null => known(recorded.quantile(q));
  return {
    mean: known(recorded.mean),
    p50: at(0.5),
    p90: at(0.9),
    p95: at(0.95),
    p99: at(0.99),
    max: known(recorded.max),
  };
}

/** Evenness over weights and places: loads are requests a unit of weight, summed by id. */
export function evenness(
  rows: readonly ReplicaRow[],
): Pick<Summary, 'peakToMean' | 'coefficientOfVariation'> {
  const byPlace = new Map<number, number>();
  for (const { id, requests, weight } of rows) {
    byPlace.set(id, (byPlace.get(id) ?? 0) + requests / weight);
  }
  const loads = [...byPlace.values()];
  return { peakToMean: peakToMean(loads), coefficientOfVariation: coefficientOfVariation(loads) };
}
