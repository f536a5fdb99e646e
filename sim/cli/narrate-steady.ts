/** The steady state for people: figures with their intervals, what was left out, and why there is no interval. */
import { MEASURES } from '../../core/stats/figures.ts';
import type { Measure, Measures } from '../../core/measures.ts';
import type { Steady, Summary } from '../../core/result.ts';
import { colours, columns, count, percent, precise } from './terminal.ts';

const QUANTILES = ['P50', 'P90', 'P95', 'P99'];

/** A block of lines; none where the engine gives no measures. */
export function steadyLines({ measures, steady }: Summary): string[] {
  if (!measures || !steady) return [];
  const shown = (name: string, format: (value: number | null) => string): string =>
    name in measures ? withInterval(measures[name], format) : '–';
  const times = ['response', 'wait'].map((kind) => [
    kind === 'wait' ? 'waiting (ms)' : 'response (ms)',
    ...['Mean', ...QUANTILES].map((figure) => shown(`${kind}${figure}Ms`, precise)),
    '',
  ]);
  const head = ['steady state', 'mean', ...QUANTILES.map((name) => name.toLowerCase()), ''];
  const share = (value: number | null): string => (value === null ? '–' : percent(value));
  return [
    columns(
      head.map((text) => colours.bold(text)),
      times,
      1,
    ),
    `at once         ${shown('inSystem', precise)} in the system, ${shown('inQueue', precise)} of them waiting`,
    `shares          busy ${shown('fleetUtilisation', share)}, had to wait ${shown('waitShare', share)}, failed ${shown('failedShare', share)}`,
    ...failures(measures).map((kind) => `${kind.padEnd(15)} ${shown(`${kind}Share`, share)}`),
    ...howSure(steady),
  ];
}

/** The kinds of failure that there were, or that were asked for, of which each has a line of its own. */
function failures(measures: Measures): string[] {
  const shares = Object.keys(measures).filter((name) => name.endsWith('Share') && !(name in MEASURES));
  return shares.map((name) => name.slice(0, -'Share'.length));
}

function withInterval({ value, low, high }: Measure, format: (value: number | null) => string): string {
  if (low === null && high === null) return format(value);
  return `${format(value)} ${colours.dim(`[${low === null ? '' : format(low)}, ${high === null ? '' : format(high)}]`)}`;
}

function howSure({ confidence, method, runs, warmup, noInterval, gain, precision }: Steady): string[] {
  const from = method === 'batch means' ? method : `${count(runs)} independent runs`;
  const left =
    warmup.requests === 0
      ? 'nothing is left out as warm-up'
      : `the first ${count(Math.round(warmup.requests))} requests (${precise(warmup.ms / 1000)} s) are left out as warm-up`;
  const sure = `${colours.dim('how sure')}        [${percent(confidence)} intervals] from ${from}; ${left}`;
  const gains = Object.entries(gain ?? {}).filter(
    ([name, factor]) => ['responseMeanMs', 'waitMeanMs'].includes(name) && factor !== 1,
  );
  const saved = gains.map(([name, factor]) => `${name} ${precise(factor)} times`).join(', ');
  return [
    sure,
    ...(saved ? [`${colours.dim('gained')}          variance divided: ${saved}`] : []),
    ...(precision ? [`${colours.dim('precision')}       ${precision}`] : []),
    ...(noInterval === null ? [] : [`${colours.red('no interval')}     ${noInterval}`]),
  ];
}
