/** Results for machines: one JSON document, or a CSV line a run and replica with every knob on it. */
import { csvFormat } from 'd3-dsv';
import type { Result } from '../../core/result.ts';

/** All runs as one JSON document, ending in a newline. */
export function toJson(results: readonly Result[], version: string): string {
  return `${JSON.stringify({ evenly: version, runs: results }, null, 2)}\n`;
}

/** Tidy rows: the knobs, the replica, and the run's summary, which repeats on each of its lines. */
export function toCsv(results: readonly Result[]): string {
  const rows = results.flatMap(({ scenario, summary, replicas }, run) => {
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
    }));
  });
  return `${csvFormat(rows)}\n`;
}
