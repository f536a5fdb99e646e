/** Results for machines: one JSON document, or a CSV line a run and replica with every knob on it. */
import { csvFormat } from 'd3-dsv';
import { stamped } from '../../core/provenance.ts';
import type { FileHashes } from '../../core/provenance.ts';
import type { Measures } from '../../core/measures.ts';
import type { Result } from '../../core/result.ts';
import { made } from './made.ts';

/** All runs as one JSON document, ending in a newline. `lab rerun` takes it. */
export function toJson(results: readonly Result[], files: FileHashes): string {
  const runs = results.map((result) => stamped(result, made(), files));
  return `${JSON.stringify({ evenly: made().versions.evenly, runs }, null, 2)}\n`;
}

/** Tidy rows: the knobs, the replica, and the run's summary, which repeats on each of its lines. */
export function toCsv(results: readonly Result[], files: FileHashes): string {
  const rows = results.flatMap((result, run) => {
    const { scenario, summary, replicas } = result;
    const { scenarioHash, resultHash, versions, commit } = stamped(result, made(), files).provenance;
    const { failures, responseMs, peakToMean, coefficientOfVariation, durationMs } = summary;
    const response = Object.fromEntries(Object.entries(responseMs).map(([name, ms]) => [`${name}Ms`, ms]));
    // The replica's own count is not to hide the knob of the same name.
    return replicas.map(({ requests: handled, ...replica }) => ({
      run: run + 1,
      ...scenario,
      handled,
      ...replica,
      peakToMean,
      coefficientOfVariation,
      ...response,
      ...failures,
      durationMs,
      ...flat(summary.measures),
      noInterval: summary.steady?.noInterval,
      scenarioHash,
      resultHash,
      evenly: versions.evenly,
      commit,
    }));
  });
  return `${csvFormat(rows)}\n`;
}

/** Each figure in three columns: itself, and its interval's ends. */
function flat(measures: Measures = {}): Record<string, number | null> {
  const cells = Object.entries(measures).flatMap(([name, { value, low, high }]) => [
    [name, value],
    [`${name}Low`, low],
    [`${name}High`, high],
  ]);
  return Object.fromEntries(cells) as Record<string, number | null>;
}
