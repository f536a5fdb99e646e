/** Results for people: one run as a table of its replicas, a sweep as a table of its runs. */
import { asksPlacement } from '../../core/policy/by-key.ts';
import { populatedPlacement } from '../../core/resolve.ts';
import type { ReplicaRow, Result, Summary } from '../../core/result.ts';
import { knobs } from '../../core/scenario.ts';
import type { Scenario } from '../../core/scenario.ts';
import type { Tables } from '../../core/tables.ts';
import { steadyLines } from './narrate-steady.ts';
import { bar, colours, columns, count, number, percent, width } from './terminal.ts';

const WIDEST_BAR = 40;
const LEAST_BAR = 8;
/** A fleet of more is shown by those with the most requests and those with the fewest, half of so many each; events by the first and the last. */
const MOST_ROWS = 64;
const ROWS_OF_LARGE = 20;
/** A sweep of more has its first so many shown. */
const MOST_RUNS = 1000;

/** One run: what was asked, a line a replica with its bar, and the summary. */
export function narrateRun(result: Result, tables: Tables): string {
  const { scenario, summary } = result;
  const parts = [
    heading(scenario, summary.requests, tables),
    replicaTable(result, tables),
    evennessLine(summary),
    responseLine(summary),
    failureLine(summary),
    ...steadyLines(summary),
  ];
  return [...parts, ...eventLines(result)].join('\n');
}

/** A sweep: a line a run, with the knobs that were turned in front. */
export function narrateSweep(all: readonly Result[], swept: readonly (keyof Scenario)[]): string {
  const results = all.slice(0, MOST_RUNS);
  const figures = ['peak/mean', 'cv', 'mean ms', 'p50 ms', 'p99 ms', 'failed'];
  const head = [...swept.map((field) => knobs[field].flag), ...figures];
  const rows = results.map(({ scenario, summary }) => {
    const { responseMs: ms } = summary;
    const failed = count(summary.requests - summary.completed);
    const turned = swept.map((field) => String(scenario[field]));
    return [...turned, summary.peakToMean.toFixed(3), summary.coefficientOfVariation.toFixed(3), number(ms.mean), number(ms.p50), number(ms.p99), failed]; // prettier-ignore
  });
  const highest = Math.max(...results.map(({ summary }) => summary.peakToMean));
  const bars = results.map(({ summary }) => summary.peakToMean / highest);
  const hidden = all.length - results.length;
  const note = `\n${count(hidden)} runs after these are not shown; --csv and --json have all.`;
  return `${withBars(head, rows, bars, swept.length)}${hidden > 0 ? note : ''}`;
}

function heading(s: Scenario, requests: number, tables: Tables): string {
  const title = colours.bold(`${count(requests)} requests over ${count(s.replicas)} replicas`);
  const ring = `M = ${s.slots}, K = ${s.vnodes}, H = ${s.requestHash}, Φ = ${s.serverHash}, ${s.probing} probing`;
  const over =
    s.placement === 'slot-ring' ? `the slot ring: ${ring}` : `${s.placement}: H = ${s.requestHash}`;
  const how = asksPlacement(tables.policies.choose(s.policy).entry) ? `${s.policy} over ${over}` : s.policy;
  const load = `${s.arrivals} arrivals, ${s.keys} keys, ${s.service} ms service, ${s.workers} at once, queue ${s.queue}`;
  return `${title}, seed ${s.seed}\n${colours.dim(`${how}\n${load}`)}\n`;
}

function replicaTable({ scenario, replicas }: Result, tables: Tables): string {
  const byKey = asksPlacement(tables.policies.choose(scenario.policy).entry);
  const owned = byKey ? populatedPlacement(scenario, tables).shares() : undefined;
  const head = ['replica', 'requests', 'share', ...(owned ? ['owns'] : []), 'busy', 'failed'];
  const most = replicas.reduce((highest, { requests }) => Math.max(highest, requests), 1);
  const shown = shownOf(replicas);
  const rows = shown.map(({ row, handle }) => {
    const share = owned?.get(handle);
    const owns = owned ? [share === undefined ? '–' : percent(share)] : [];
    return [
      row.replica,
      count(row.requests),
      percent(row.share),
      ...owns,
      percent(row.utilisation ?? NaN),
      count(row.failed),
    ];
  });
  const bars = shown.map(({ row }) => row.requests / most);
  const hidden = replicas.length - shown.length;
  if (hidden > 0) {
    rows.splice(ROWS_OF_LARGE / 2, 0, ['…', ...head.slice(1).map(() => '')]);
    bars.splice(ROWS_OF_LARGE / 2, 0, 0);
  }
  const note = `${count(hidden)} replicas between these are not shown; --csv and --json have all.\n`;
  return `${withBars(head, rows, bars, 1)}\n${hidden > 0 ? note : ''}`;
}

/** All replicas in order of joining; of many, the ends of their order by requests. */
function shownOf(replicas: readonly ReplicaRow[]): { row: ReplicaRow; handle: number }[] {
  const all = replicas.map((row, handle) => ({ row, handle }));
  if (all.length <= MOST_ROWS) return all;
  all.sort((a, b) => b.row.requests - a.row.requests);
  return [...all.slice(0, ROWS_OF_LARGE / 2), ...all.slice(-ROWS_OF_LARGE / 2)];
}

/** Adds bars in what the terminal leaves to the right of the columns, if that is enough to show anything. */
function withBars(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  shares: readonly number[],
  textColumns: number,
): string {
  const bare = columns(
    [...head, ''],
    rows.map((row) => [...row, '']),
    textColumns,
  );
  const used = Math.max(...bare.split('\n').map((line) => line.length)) + 2;
  const cells = Math.min(WIDEST_BAR, width() - used);
  const bold = [...head.map((text) => colours.bold(text)), ''];
  const drawn = rows.map((row, i) => [...row, cells < LEAST_BAR ? '' : colours.cyan(bar(shares[i], cells))]);
  return columns(bold, drawn, textColumns);
}

function evennessLine({ peakToMean, coefficientOfVariation }: Summary): string {
  return `evenness        peak-to-mean ${peakToMean.toFixed(3)}, coefficient of variation ${coefficientOfVariation.toFixed(3)}`;
}

function responseLine({ responseMs: ms }: Summary): string {
  const quantiles = (['mean', 'p50', 'p90', 'p95', 'p99', 'max'] as const).map(
    (name) => `${name} ${number(ms[name])}`,
  );
  return `response (ms)   ${quantiles.join(', ')}`;
}

function failureLine({ requests, completed, failures }: Summary): string {
  const kinds = Object.entries<number>({ ...failures }).filter(([, n]) => n > 0);
  const detail = kinds.map(([kind, n]) => `${kind} ${count(n)}`).join(', ');
  const failed = `${count(requests - completed)} of ${count(requests)}${detail ? ` (${detail})` : ''}`;
  return `failures        ${requests === completed ? failed : colours.red(failed)}`;
}

function eventLines({ events }: Result): string[] {
  const lines = (some: Result['events']): string[] =>
    some.map(
      ({ atMs, event, replica }) => `${(atMs / 1000).toFixed(3).padStart(10)} s   ${replica} ${event}`,
    );
  if (events.length <= MOST_ROWS) return lines(events);
  const half = ROWS_OF_LARGE / 2;
  const note = `${count(events.length - ROWS_OF_LARGE)} events between these are not shown; --json has all.`;
  return [...lines(events.slice(0, half)), `${'…'.padStart(10)}     ${note}`, ...lines(events.slice(-half))];
}
