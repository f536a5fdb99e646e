/** The steady state of one run: what is left out as warm-up, the figures of the rest, and why there are none. */
import { measuresOf, ratiosOf, withoutIntervals } from '../core/measures.ts';
import type { Measures } from '../core/measures.ts';
import type { ReplicaRow, Steady } from '../core/result.ts';
import type { Scenario } from '../core/scenario.ts';
import type { Ledger } from '../core/stats/ledger.ts';
import { mser } from '../core/stats/warmup.ts';
import type { Tables } from '../core/tables.ts';
import { heavyTail, obstacle } from './obstacle.ts';

/** Figures that a heavy tail takes the interval of. */
const OF_WAITS = ['responseMeanMs', 'waitMeanMs', 'inSystem', 'inQueue'];

/** The part of a summary that says what would happen in the long run, and how sure that is. */
export function steadyState(
  s: Scenario,
  ledger: Ledger,
  replicas: readonly ReplicaRow[],
  tables: Tables,
): { measures: Measures; steady: Steady } {
  const why = obstacle(s, replicas, tables);
  const heavy = why === null ? heavyTail(s, tables) : null;
  const first = why !== null && s.warmup === 'auto' ? 0 : firstSection(s, ledger);
  const batch = first * ledger.sectionSize;
  const workers = replicas.filter(({ failedMs }) => failedMs === null).length * s.workers;
  const all = measuresOf(
    ratiosOf(ledger, batch, workers),
    ledger.waits.counts(first),
    ledger.responses.counts(first),
    s.confidence,
  );
  const bare = why !== null ? Object.keys(all) : heavy !== null ? OF_WAITS : [];
  const requests = Math.min(s.requests, batch * ledger.batchSize);
  const ms = batch === 0 ? 0 : ledger.sums('from')[batch];
  return {
    measures: withoutIntervals(all, bare),
    steady: {
      confidence: s.confidence,
      method: 'batch means',
      runs: 1,
      warmup: { requests, ms },
      noInterval: why ?? heavy,
    },
  };
}

/** The first section that counts; a warm-up is rounded up to whole sections, of which half stay at least. */
export function firstSection({ warmup, requests }: Scenario, ledger: Ledger): number {
  const { batches, batchSize, sectionSize, waits } = ledger;
  const from = ledger.sums('from');
  let cut = 0;
  if (warmup === 'auto') cut = mser(meansOf(ledger));
  else if (warmup.endsWith('ms')) cut = from.filter((ms) => ms < parseFloat(warmup)).length;
  else if (warmup !== 'none') cut = Math.ceil(Math.min(requests, Number(warmup)) / batchSize);
  return Math.min(waits.sections - 1, Math.ceil(Math.min(cut, batches) / sectionSize));
}

function meansOf(ledger: Ledger): Float64Array {
  const counts = ledger.sums('count');
  return ledger.sums('response').map((sum, batch) => sum / counts[batch]);
}
