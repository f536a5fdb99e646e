/** Differences between scenarios that met the same random numbers: batch by batch, or run by run. */
import type { Measure, Ratios } from '../core/measures.ts';
import { shown } from '../core/measures.ts';
import { correctionBy } from '../core/stats/control.ts';
import { fromBatches, fromRuns } from '../core/stats/estimate.ts';
import type { Estimate, Series } from '../core/stats/estimate.ts';
import { sum } from '../core/stats/sum.ts';

/** What a result's ratios came from: batches of one run, or runs. */
export interface Behind {
  readonly ratios: Ratios;
  /** By batch or run, each of expectation 0. */
  readonly controls: readonly Float64Array[];
  readonly independent: boolean;
  /** Crowds a request, as the laws have them; Infinity in a closed loop. */
  readonly crowding: number;
  /** Requests of a run that measures take to have an interval, of those that this run was too short for. */
  readonly enough: ReadonlyMap<string, number>;
}

/** Is handed what is behind a result's measures, which the result itself does not hold. */
export type Keep = (behind: Behind) => void;

/** One measure of two scenarios. */
export interface Difference extends Measure {
  /** The measure. */
  readonly of: string;
  /** Variance of the difference had the two met different random numbers and nothing been known of these, over what it is. */
  readonly gain: number | null;
}

/** Measures that are compared: all that are ratios of sums. */
export function differences(one: Behind, other: Behind, confidence: number): Difference[] {
  const estimate = one.independent ? fromRuns : fromBatches;
  const common = Object.keys(one.ratios).filter((name) => name in other.ratios);
  return common.map((of) => {
    const [a, b] = aligned(one.ratios[of], other.ratios[of]);
    const corrected = correctionBy(one.controls.map((control) => control.slice(-a.numerator.length)));
    const paired = estimate(corrected(difference(a, b)), confidence);
    const apart = [a, b].map((series) => width(estimate(series, confidence)));
    const squares = apart.reduce((sum, w) => sum + w * w, 0);
    const gain =
      width(paired) > 0 && Number.isFinite(squares) ? squares / (width(paired) * width(paired)) : null;
    return { of, ...shown(paired), gain };
  });
}

/** Different warm-ups leave different numbers of batches; the last ones are of the same requests. */
function aligned(...both: readonly [Series, Series]): Series[] {
  const length = Math.min(...both.map(({ numerator }) => numerator.length));
  const last = (values: ArrayLike<number>): number[] => Array.from(values).slice(-length);
  return both.map(({ numerator, denominator }) => ({
    numerator: last(numerator),
    denominator: last(denominator),
  }));
}

/** A series whose mean is the difference of the ratios, and whose batches vary as the difference does (delta method). */
function difference(a: Series, b: Series): Series {
  const n = a.numerator.length;
  const sides = [a, b].map(({ numerator, denominator }) => {
    const whole = sum(denominator);
    const ratio = sum(numerator) / whole;
    return { ratio, at: (i: number): number => ((numerator[i] - ratio * denominator[i]) * n) / whole };
  });
  const [one, other] = sides;
  return {
    numerator: Float64Array.from({ length: n }, (_, i) => one.ratio - other.ratio + one.at(i) - other.at(i)),
    denominator: new Float64Array(n).fill(1),
  };
}

function width({ low, high }: Estimate): number {
  return high - low;
}
