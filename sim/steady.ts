/** The steady state of one run: what is left out as warm-up, the figures of the rest, and why there are none. */
import { measuresOf, OF_WAITS, ratiosOf, withoutIntervals } from '../core/measures.ts';
import type { Corrections, Measures, Ratios } from '../core/measures.ts';
import { backlogsOf, controlsOf, correctionsBy, gathered, NO_CONTROLS, withControls } from './controls.ts';
import { gainsOf } from './gain.ts';
import type { Behind, Keep } from './paired.ts';
import type { ReplicaRow, Steady } from '../core/result.ts';
import type { Scenario } from '../core/scenario.ts';
import type { Ledger } from '../core/stats/ledger.ts';
import { sumsBy } from '../core/stats/sum.ts';
import { mser } from '../core/stats/warmup.ts';
import type { Tables } from '../core/tables.ts';
import { crowdsOf, rounded, tooFew, trialsOf } from './crowds.ts';
import type { TooFew } from './crowds.ts';
import { heavyTail, obstacle } from './obstacle.ts';
import { possible } from './possible.ts';
import type { Obstacle } from './obstacle.ts';

/**
 * The part of a summary that says what would happen in the long run, and how sure that is.
 * @param workers of the fleet, on average over time
 */
export function steadyState(
  s: Scenario,
  ledger: Ledger,
  replicas: readonly ReplicaRow[],
  workers: number,
  tables: Tables,
  keep?: Keep,
): { measures: Measures; steady: Steady } {
  const overloaded = obstacle(s, replicas, tables);
  const cut = cutOf(s, ledger, overloaded === null ? meansOf(ledger) : null);
  const unmet = overloaded ?? cut.obstacle;
  const heavy = unmet === null ? heavyTail(s, replicas, tables) : null;
  const { waits, responses } = ledger;
  const ratios = ratiosOf(ledger, cut.batch, workers, possible(s));
  const crowds = crowdsOf(s, ratios, replicas, tables);
  const trials = trialsOf(s, ratios, crowds, tables);
  const counts = [waits.counts(cut.section), responses.counts(cut.section)] as const;
  const measured = (of: Ratios, by?: Corrections): Measures =>
    measuresOf(of, ...counts, s.confidence, { crowds, trials }, false, by);
  const backlogs = backlogsOf(s, ledger, cut.batch, tables);
  const controls = unmet === null ? controlsOf(s, ratios, backlogs, tables) : NO_CONTROLS;
  const reduced = withControls(ratios, controls);
  const sections = waits.sections - cut.section;
  const sectionOf = (batch: number): number => Math.floor(batch / ledger.sectionSize);
  const bySection = gathered(controls, (values) => sumsBy(values, sectionOf, sections));
  const measures = measured(reduced, correctionsBy(bySection));
  const { requests, ms } = cut;
  const few = tooFew(s, measures, crowds, requests);
  keep?.({ ratios, controls: controls.middle, independent: false, ...lacking(measures, unmet, few) });
  return {
    measures: withoutIntervals(measures, bareOf(measures, unmet, heavy, few)),
    steady: {
      confidence: s.confidence,
      method: 'batch means',
      runs: 1,
      warmup: { requests, ms },
      ...reasons(s, measures, unmet, heavy, few),
      gain: s.control === 'yes' ? gainsOf(measured(ratios), measures) : null,
    },
  };
}

/** The measures that are to have no interval. */
export function bareOf(
  measures: Measures,
  unmet: Obstacle | null,
  heavy: string | null,
  few: TooFew,
): readonly string[] {
  if (unmet !== null) return Object.keys(measures);
  return heavy === null ? few.names : [...OF_WAITS, ...few.names];
}

/** What it takes to have the intervals that are not there. */
export function lacking(
  measures: Measures,
  unmet: Obstacle | null,
  { crowding, enough }: TooFew,
): Pick<Behind, 'crowding' | 'enough'> {
  if (unmet === null) return { crowding, enough };
  return { crowding, enough: new Map(Object.keys(measures).map((name) => [name, unmet.enough])) };
}

/** What a result says of intervals that are not there. */
export function reasons(
  s: Scenario,
  measures: Measures,
  unmet: Obstacle | null,
  heavy: string | null,
  few: TooFew,
): Pick<Steady, 'noInterval' | 'tooFew'> {
  if (unmet !== null && unmet.enough > s.most / s.runs) return { noInterval: unmet.why };
  if (unmet !== null)
    return {
      noInterval: `${unmet.why}; a run of about ${rounded(unmet.enough)} requests has intervals`,
      tooFew: Object.keys(measures),
    };
  if (few.why === null) return { noInterval: heavy };
  return { noInterval: heavy === null ? few.why : `${heavy}; ${few.why}`, tooFew: few.names };
}

/** Where the steady state begins. */
export interface Cut {
  readonly section: number;
  readonly batch: number;
  readonly requests: number;
  readonly ms: number;
  /** Nothing is left that such a warm-up is not part of. */
  readonly obstacle: Obstacle | null;
}

/**
 * The cut that the scenario asks for, rounded up to whole sections, of which one stays at least.
 * @param means by batch, where an automatic cut is to be found in them; null where there is no steady state to find
 */
export function cutOf(s: Scenario, ledger: Ledger, means: Float64Array | null): Cut {
  const { batches, batchSize, sectionSize, waits } = ledger;
  const from = ledger.sums('from');
  const asked = Math.min(batches, wanted());
  const section = Math.min(waits.sections - 1, Math.ceil(asked / sectionSize));
  const batch = section * sectionSize;
  const requests = Math.min(s.requests, batch * batchSize);
  const why = `the run is over before the warm-up of ${s.warmup} is`;
  const none = asked === batches && s.warmup !== 'auto' ? { why, enough: Infinity } : null;
  return { section, batch, requests, ms: batch === 0 ? 0 : from[batch], obstacle: none };

  function wanted(): number {
    if (s.warmup === 'auto') return means === null ? 0 : mser(means);
    if (s.warmup === 'none') return 0;
    if (s.warmup.endsWith('ms')) return from.filter((ms) => ms < parseFloat(s.warmup)).length;
    return Math.ceil(Number(s.warmup) / batchSize);
  }
}

/** The mean response time of each batch, NaN where nobody was served. */
export function meansOf(ledger: Ledger): Float64Array {
  const counts = ledger.sums('count');
  return ledger.sums('response').map((sum, batch) => sum / counts[batch]);
}
