/** What a scenario knows the mean of before it runs: its gaps, its service times, and the work before each arrival. */
import { correctionBy } from '../core/stats/control.ts';
import { CROWDS_TO_FIT, OF_WAITS } from '../core/measures.ts';
import type { Corrections, Ratios } from '../core/measures.ts';
import { clientKnobs } from '../core/knobs/clients.ts';
import { faultKnobs } from '../core/knobs/faults.ts';
import { scalingKnobs } from '../core/knobs/scaling.ts';
import { scenario } from '../core/scenario.ts';
import type { Scenario } from '../core/scenario.ts';
import type { Series } from '../core/stats/estimate.ts';
import type { Ledger } from '../core/stats/ledger.ts';
import { pollaczekKhinchin, squaredWait } from '../core/stats/theory/single.ts';
import { capacity, erlangsOf } from '../core/load.ts';
import { squaredVariation } from '../core/random/service/moments.ts';
import { crowdsIn } from '../core/stats/crowds.ts';
import { unsteady } from './obstacle.ts';
import type { Tables } from '../core/tables.ts';
import { sum } from '../core/stats/sum.ts';

const MS_A_SECOND = 1000;
/** A busier server takes too long to reach its mean. */
const MOST_LOAD = 0.99;
/** The square of a backlog varies by a law's fifth moment: where E[S³] is so many times E[S]³, a run may not hold the services that make it. */
const MOST_SKEW = 100;
/** A service of length x makes backlogs sum to x², and their squares to x³: under laws without twice that moment these have no variance. */
const [OF_BACKLOGS, OF_SQUARES] = [4, 6];
/** Explained as well, where they are not known outright: as long as nothing fails, all that comes to an open door is served. */
const OF_WORK = ['fleetUtilisation', 'throughput'];

/** Knobs by which workers may be busy for another time than was drawn, or with tries of which nobody has an answer. */
const BUSY_OTHERWISE = [
  ...(Object.keys(clientKnobs) as (keyof typeof clientKnobs)[]),
  ...(Object.keys(faultKnobs) as (keyof typeof faultKnobs)[]),
  ...(Object.keys(scalingKnobs) as (keyof typeof scalingKnobs)[]),
  ...(['speeds', 'ramp'] as const),
].filter((knob) => knob !== 'network' && knob !== 'refuse');

/** The ratios that controls can explain, corrected by them. */
export function withControls(ratios: Ratios, controls: Controls): Ratios {
  const corrected = correctionBy(controls.middle);
  return Object.fromEntries(
    Object.entries(ratios).map(([name, series]) => [
      name,
      controls.of.includes(name) ? corrected(series) : series,
    ]),
  );
}

/** What is known to be 0 on average, by batch, section or run. */
export interface Controls {
  /** The ratios that they explain. */
  readonly of: readonly string[];
  /** Crowds of the server that backlogs are of; Infinity where none are known. */
  readonly crowds: number;
  /** Of the share that waits and of medians, where few crowds came: without backlogs. */
  readonly few: readonly Float64Array[];
  /** Of those where many came, and of means. */
  readonly middle: readonly Float64Array[];
  /** Of the quantiles beyond, which hang on the longest backlogs: the same and the squares of those. */
  readonly tail: readonly Float64Array[];
}

export const NO_CONTROLS: Controls = { of: [], crowds: Infinity, few: [], middle: [], tail: [] };

/** The sums of each of a row's numbers that belong together. */
export function gathered(
  { few, middle, tail, ...rest }: Controls,
  sums: (values: Float64Array) => Float64Array,
): Controls {
  return { ...rest, few: few.map(sums), middle: middle.map(sums), tail: tail.map(sums) };
}

export function correctionsBy({ crowds, few, middle, tail }: Controls): Corrections {
  return { crowds, few: correctionBy(few), middle: correctionBy(middle), tail: correctionBy(tail) };
}

/**
 * The controls of a scenario; none where nobody asked or no mean is known, as of gaps that were recorded.
 * @param backlogs as `backlogsOf` gives them
 */
export function controlsOf(
  s: Scenario,
  { fleetUtilisation, failedShare, throughput }: Ratios,
  backlogs: readonly Float64Array[],
  tables: Tables,
): Controls {
  if (s.control === 'no') return NO_CONTROLS;
  const arrivals = tables.arrivals.choose(s.arrivals);
  const process = arrivals.entry.make(arrivals.args);
  const service = tables.services.choose(s.service);
  const { mean, second } = service.entry.moments(service.args);
  const sent = failedShare.denominator;
  const failures = sum(failedShare.numerator);
  const controls: Float64Array[] = [];
  const isKnown = Number.isFinite(second) && second > mean * mean * (1 + 1e-12);
  if (isKnown && isBusyAsDrawn(s) && failures === 0) {
    controls.push(difference(fleetUtilisation, throughput, mean));
  }
  if (process.kind === 'open' && process.dispersion !== undefined) {
    const gapMs = MS_A_SECOND / process.perSecond;
    controls.push(
      Float64Array.from(throughput.denominator, (seconds, i) => seconds * MS_A_SECOND - gapMs * sent[i]),
    );
  }
  const of = process.kind === 'open' && failures === 0 ? OF_WAITS : [...OF_WAITS, ...OF_WORK];
  const crowds = backlogs.length === 0 ? Infinity : backlogged(s, sum(sent), tables);
  // Crowds of a fleet that turns requests away end sooner, so its waits do not grow as the backlogs do.
  const known = failures > 0 && crowds < CROWDS_TO_FIT ? [] : backlogs;
  const middle = [...controls, ...known.slice(0, 1)];
  return { of, crowds, few: controls, middle, tail: [...controls, ...known] };
}

/** Crowds of the server that backlogs are of, in so many requests. */
function backlogged(s: Scenario, requests: number, tables: Tables): number {
  const erlangs = erlangsOf(s, tables) ?? 0; // clients in a closed loop make no backlogs
  const { entry, args } = tables.services.choose(s.service);
  const variation = squaredVariation(entry.moments(args));
  const queue = { load: erlangs / capacity(s), variation, dispersion: 1, places: Infinity, resetsAMs: 0 };
  return crowdsIn({ requests: [requests], spans: [1] }, queue);
}

/** What the backlogs of arrivals sum to beyond their mean, by batch from `first` on; nothing where that is not known. */
export function backlogsOf(s: Scenario, { backlog }: Ledger, first: number, tables: Tables): Float64Array[] {
  return backlog === undefined ? [] : backlog.beyond(first, meansOfBacklog(s, tables));
}

/**
 * E[V], and E[V²] where it is of use, of the work V that arrivals find at one server as fast as the fleet, if they are
 * Poisson's and it is not overloaded; nothing where nobody asked. A single worker is such a server itself: this would be
 * the answer there.
 */
export function meansOfBacklog(s: Scenario, tables: Tables): number[] {
  if (s.control === 'no' || isFromStart(s)) return [];
  const { entry, args } = tables.arrivals.choose(s.arrivals);
  const arrivals = entry.make(args);
  if (arrivals.kind === 'closed' || arrivals.memoryless !== true || s.replicas * s.workers === 1) return [];
  const service = tables.services.choose(s.service);
  const { mean, second, third, endless = Infinity } = service.entry.moments(service.args);
  const fast = capacity(s);
  const perMs = arrivals.perSecond / MS_A_SECOND;
  if ((perMs * mean) / fast > MOST_LOAD || !Number.isFinite(third) || endless <= OF_BACKLOGS) return [];
  const [one, two, three] = [mean / fast, second / (fast * fast), third / (fast * fast * fast)];
  const isTame = third <= MOST_SKEW * mean * mean * mean && endless > OF_SQUARES;
  return [pollaczekKhinchin(perMs, one, two), ...(isTame ? [squaredWait(perMs, one, two, three)] : [])];
}

/** Whether it is about what follows an empty start, when a backlog has not its mean yet. */
function isFromStart(s: Scenario): boolean {
  return s.warmup === 'none' || parseFloat(s.warmup) === 0 || (s.runs > 1 && unsteady(s) !== null);
}

/**
 * Whether what each served request kept a worker busy is what the law drew for it. Where requests fail, those served are
 * no fair sample of it besides.
 */
function isBusyAsDrawn(s: Scenario): boolean {
  const plain = scenario();
  return BUSY_OTHERWISE.every((knob) => s[knob] === plain[knob]);
}

/** Work done less what so many services take on average. */
function difference(busy: Series, served: Series, mean: number): Float64Array {
  return Float64Array.from(busy.numerator, (ms, i) => ms - mean * served.numerator[i]);
}
