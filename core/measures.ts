/** The steady state of a run: every figure that queueing theory has a formula for, with its interval. */
import { surer } from './stats/crowds.ts';
import { fromBatches, fromRuns, logarithm, logit } from './stats/estimate.ts';
import type { Estimate, Series } from './stats/estimate.ts';
import type { Ledger } from './stats/ledger.ts';
import { uncorrected } from './stats/control.ts';
import type { Correction } from './stats/control.ts';
import { quantile } from './stats/quantile.ts';
import type { Estimator } from './stats/quantile.ts';
import { MEASURES } from './stats/figures.ts';
import type { Counts } from './stats/sections.ts';
import { unseen } from './stats/unseen.ts';

/** A figure and its interval; null where there is none. */
export interface Measure {
  readonly value: number | null;
  readonly low: number | null;
  readonly high: number | null;
}

/** Figures by name: those of `MEASURES`, and one for each kind of failure that there was, or that was asked for. */
export type Measures = Readonly<Record<string, Measure>>;

/** Quantiles that are told, by the label that they have in a measure's name. */
export const QUANTILES = { P50: 0.5, P90: 0.9, P95: 0.95, P99: 0.99 };
/** Means that hold waits, which crowds make. */
export const OF_WAITS: readonly string[] = ['responseMeanMs', 'waitMeanMs', 'inSystem', 'inQueue'];
/** Of crowds, those that a mean wait hangs on: its spread comes from the longest, and a run without one has it too low. */
const RARE = 0.03;
const MS_A_SECOND = 1000;

/** Sums that make a ratio, by batch or by run. */
export type Ratios = Readonly<Record<string, Series>>;

/**
 * The ratios of a run by batch, from batch `first` on.
 * @param workers of the whole fleet
 * @param possible kinds of failure that have a share even where there were none
 */
export function ratiosOf(
  ledger: Ledger,
  first: number,
  workers: number,
  possible: readonly string[] = [],
): Ratios {
  const sum = (field: Parameters<Ledger['sums']>[0]): Float64Array => ledger.sums(field, first);
  const served = sum('count');
  const spans = ledger.spans(first);
  const named = [...new Set([...ledger.kinds, ...possible])].sort();
  const kinds = named.map((kind) => [kind, ledger.failures(kind, first)] as const);
  const failed = served.map((_, i) => kinds.reduce((total, [, counts]) => total + counts[i], 0));
  const sent = served.map((count, i) => count + failed[i]);
  const per = (numerator: Float64Array, denominator: Float64Array): Series => ({ numerator, denominator });
  return {
    responseMeanMs: per(sum('response'), served),
    waitMeanMs: per(sum('wait'), served),
    inSystem: per(sum('stay'), spans),
    inQueue: per(ledger.queued(first), spans),
    fleetUtilisation: per(
      sum('busy'),
      spans.map((span) => span * workers),
    ),
    throughput: per(
      served,
      spans.map((span) => span / MS_A_SECOND),
    ),
    failedShare: per(failed, sent),
    ...Object.fromEntries(kinds.map(([kind, counts]) => [`${kind}Share`, per(counts, sent)])),
  };
}

/** How much a run says, however many requests it has. */
export interface Evidence {
  /** Stretches of long queues that come and go independently. */
  readonly crowds: number;
  /** Independent chances of what befalls a share of the requests. */
  readonly trials: number;
}

/** How figures from the sections' counts are corrected: the share that waits and the median, and quantiles beyond it. */
export interface Corrections {
  /** Crowds of the server that their backlogs are of. */
  readonly crowds: number;
  /** Of the middle where crowds are too few for their backlogs. */
  readonly few: Correction;
  readonly middle: Correction;
  readonly tail: Correction;
}

const NONE: Corrections = { crowds: Infinity, few: uncorrected, middle: uncorrected, tail: uncorrected };

/**
 * Of fewer crowds above a quantile the ordinary ones say too little of how a share hangs on backlogs: the longest make
 * these much larger, and the share no more than others do. A run without one is then corrected too far, to the same side.
 */
export const CROWDS_TO_FIT = 256;

/** All figures, in order: ratios, quantiles from the sections' counts, and the share that waits. */
export function measuresOf(
  ratios: Ratios,
  waits: Counts,
  responses: Counts,
  confidence: number,
  { crowds, trials }: Evidence,
  independent = false,
  { crowds: backlogged, few, middle, tail } = NONE,
): Measures {
  const fitted = Math.min(crowds, backlogged);
  const estimator = independent ? fromRuns : fromBatches;
  const shareOf = (series: Series): Estimate =>
    unseen(estimator(series, confidence, logit), trials, confidence);
  const known: Record<string, Measure> = {};
  for (const [name, series] of Object.entries(ratios)) {
    const asked = OF_WAITS.includes(name) ? surer(confidence, crowds * RARE) : confidence;
    known[name] = shown(name.endsWith('Share') ? shareOf(series) : estimator(series, asked, logarithm));
  }
  if ('fleetUtilisation' in known) known.fleetUtilisation = atMostAll(known.fleetUtilisation);
  for (const [name, counts] of Object.entries({ wait: waits, response: responses })) {
    for (const [label, p] of Object.entries(QUANTILES)) {
      const above = crowds * (1 - p);
      const [rough, fine] = p <= 0.5 ? [few, middle] : [uncorrected, tail];
      const corrected = fitted * (1 - p) < CROWDS_TO_FIT ? rough : fine;
      const by: Estimator = (series, asked, scale) => estimator(corrected(series), asked, scale);
      known[`${name}${label}Ms`] = shown(quantile(counts, p, surer(confidence, above), by));
    }
  }
  const [sizes, zeros] = [waits.sizes, waits.zeros()];
  const waited = sizes.map((size, i) => size - zeros[i]);
  const corrected = fitted < CROWDS_TO_FIT ? few : middle;
  known.waitShare = shown(shareOf(corrected({ numerator: waited, denominator: sizes })));
  const names = [...Object.keys(MEASURES), ...Object.keys(known)];
  return Object.fromEntries([...new Set(names)].map((name) => [name, known[name]]));
}

/** Work is counted by when it came: a fleet that falls behind does some of it later, but is never busier than always. */
function atMostAll({ value, low, high }: Measure): Measure {
  const atMost = (share: number | null): number | null => (share === null ? null : Math.min(1, share));
  return { value: atMost(value), low: atMost(low), high: atMost(high) };
}

/** An estimate as results hold it. */
export function shown({ value, low, high }: Estimate): Measure {
  const finite = (x: number): number | null => (Number.isFinite(x) ? x : null);
  return { value: finite(value), low: finite(low), high: finite(high) };
}

/** The same figures, those named without their intervals. */
export function withoutIntervals(measures: Measures, names: readonly string[]): Measures {
  const bare = ({ value }: Measure): Measure => ({ value, low: null, high: null });
  return Object.fromEntries(
    Object.entries(measures).map(([name, measure]) => [name, names.includes(name) ? bare(measure) : measure]),
  );
}
