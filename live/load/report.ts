/** A load's result as tables for a terminal. */
import { isatty } from 'node:tty';
import Table from 'cli-table3';
import { createColors } from 'picocolors';
import type { ResponseTimes } from '../../core/result.ts';
import type { LoadResult } from './result.ts';

const pc = createColors(isatty(1) && !process.env.NO_COLOR);

/** The result in words and numbers. */
export function loadReport(result: LoadResult): string {
  const { url, arrivals, ids, seed, replicas, statuses, errors, fit } = result;
  const head = `${pc.bold(url)}  ${arrivals}, ids ${ids}, seed ${seed}`;
  const counted = replicas.reduce((sum, { requests }) => sum + requests, 0);
  const parts = [
    head,
    totals(result),
    times(result),
    replicas.length > 0 &&
      table(
        ['replica', 'requests', 'share'],
        replicas.map((row) => [row.replica, whole(row.requests), percent(row.requests / counted)]),
      ),
    rows(['status', 'answers'], statuses),
    rows(['failure', 'requests'], errors),
    fit.ok ? false : pc.yellow(`Not fit to be believed: ${fit.reasons.join(' ')}`),
  ];
  return `${parts.filter((part) => part !== false).join('\n')}\n`;
}

function totals({ sent, ok, failed, unfinished, durationMs, ratePerSecond }: LoadResult): string {
  const open = unfinished === 0 ? '' : `, ${whole(unfinished)} unfinished`;
  const seconds = (durationMs / 1000).toFixed(2);
  const failures = failed === 0 ? '0 failed' : pc.red(`${whole(failed)} failed`);
  return `${whole(sent)} sent, ${whole(ok)} ok, ${failures}${open}; ${seconds} s, ${whole(Math.round(ratePerSecond))} ok a second`;
}

function times({ responseMs, fromSendingMs, lateMs }: LoadResult): string {
  const row = (name: string, t: ResponseTimes): string[] => [
    name,
    ...[t.mean, t.p50, t.p90, t.p95, t.p99, t.max].map((ms) => (ms === null ? '-' : ms.toFixed(2))),
  ];
  return table(
    ['ms', 'mean', 'p50', 'p90', 'p95', 'p99', 'max'],
    [
      row('response (from intended start)', responseMs),
      row('from sending', fromSendingMs),
      row('sent late by', lateMs),
    ],
  );
}

function rows(head: string[], counts: Readonly<Record<string, number | undefined>>): string | false {
  const entries = Object.entries(counts).map(([name, n = 0]) => [name, whole(n)]);
  return entries.length > 0 && table(head, entries);
}

function table(head: string[], body: string[][]): string {
  const colAligns = head.map((_, i) => (i === 0 ? 'left' : 'right'));
  const printed = new Table({ head, colAligns, style: { head: [], border: [] } });
  printed.push(...body);
  return printed.toString();
}

function whole(n: number): string {
  return n.toLocaleString('en');
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
