/** Independent replications: the same scenario with other random numbers, a run a seed, and intervals across the runs. */
import { measuresOf, ratiosOf, shown, withoutIntervals } from '../core/measures.ts';
import type { Corrections, Measures, Ratios } from '../core/measures.ts';
import { seedsOf } from '../core/random/stream.ts';
import type { Beginning, ReplicaRow, Result } from '../core/result.ts';
import type { Scenario } from '../core/scenario.ts';
import type { Series } from '../core/stats/estimate.ts';
import { Moments } from '../core/stats/moments.ts';
import { Sections } from '../core/stats/sections.ts';
import { sum, sumsBy } from '../core/stats/sum.ts';
import type { Tables } from '../core/tables.ts';
import { backlogsOf, controlsOf, correctionsBy, gathered, NO_CONTROLS, withControls } from './controls.ts';
import { crowdsOf, tooFew, trialsOf } from './crowds.ts';
import { gainsOf } from './gain.ts';
import { heavyTail, obstacle, unsteady } from './obstacle.ts';
import type { Obstacle } from './obstacle.ts';
import type { Keep } from './paired.ts';
import { possible } from './possible.ts';
import type { Recorder } from './recorder.ts';
import { bareOf, cutOf, lacking, meansOf, reasons } from './steady.ts';

/** Groups of runs that quantiles' intervals come from; runs of a group share a histogram. */
const GROUPS = 32;
/** Runs whose average the warm-up is found in. */
const PILOTS = 20;

/** Runs one scenario with the seed that it holds. */
export type Run = (scenario: Scenario, run: number) => Recorder;

/** The study: the first run's result, with measures and beginning over all runs. */
export function replicate(s: Scenario, tables: Tables, run: Run, keep?: Keep): Result {
  const pairs = s.antithetic === 'yes';
  const means = pilot(s, tables, run);
  const seeds = seedsOf(s.seed, pairs);
  const study = new Study(s, tables, means);
  let first: Result | undefined;
  for (let i = 0; i < s.runs; i++) {
    const recorder = run({ ...s, seed: seeds.next().value }, i);
    first ??= { ...recorder.result(tables), scenario: s };
    study.add(recorder, first.replicas, pairs ? i >> 1 : i);
  }
  if (first === undefined) throw new Error('a study has at least one run');
  return study.result(first, keep);
}

/**
 * Batch means averaged over the first runs, to find one warm-up for all in, as Welch (1983) does: a cut that each run
 * found for itself would follow its own noise, and bias the whole.
 */
function pilot(s: Scenario, tables: Tables, run: Run): Float64Array | null {
  if (s.warmup !== 'auto') return null;
  const seeds = seedsOf(s.seed, s.antithetic === 'yes');
  const means = new Moments();
  for (let i = 0; i < Math.min(PILOTS, s.runs); i++) {
    const recorder = run({ ...s, seed: seeds.next().value }, 0);
    if (i === 0 && obstacle(s, recorder.result(tables).replicas, tables) !== null) return null;
    means.add(meansOf(recorder.ledger));
  }
  return Float64Array.from({ length: means.length }, (_, i) => means.at(i, s.confidence).value);
}

class Study {
  readonly #scenario: Scenario;
  readonly #tables: Tables;
  readonly #means: Float64Array | null;
  readonly #groups: number;
  readonly #rows: Ratios[] = [];
  /** What the backlogs of each run sum to. */
  readonly #backlogs: number[][] = [];
  /** The pair, or the run, that each row is of. */
  readonly #of: number[] = [];
  readonly #waits: Sections;
  readonly #responses: Sections;
  readonly #inSystem = new Moments();
  readonly #firstWaits = new Moments();
  readonly #firstResponses = new Moments();
  #crowds = 0;
  #trials = 0;
  #cutRequests = 0;
  #cutMs = 0;
  #tooShort: Obstacle | null = null;

  constructor(s: Scenario, tables: Tables, means: Float64Array | null) {
    this.#means = means;
    this.#scenario = s;
    this.#tables = tables;
    this.#groups = Math.min(GROUPS, s.antithetic === 'yes' ? s.runs >> 1 : s.runs);
    this.#waits = new Sections(this.#groups);
    this.#responses = new Sections(this.#groups);
  }

  /** @param replicas of the first run, which every other is like */
  add({ ledger, transient, workers }: Recorder, replicas: readonly ReplicaRow[], of: number): void {
    const s = this.#scenario;
    const cut = cutOf(s, ledger, this.#means);
    this.#tooShort ??= cut.obstacle;
    const ratios = ratiosOf(ledger, cut.batch, workers, possible(s));
    this.#rows.push(totals(ratios));
    this.#backlogs.push(backlogsOf(s, ledger, cut.batch, this.#tables).map(sum));
    const crowds = Math.max(1, crowdsOf(s, ratios, replicas, this.#tables)); // runs are independent, however short
    this.#crowds += crowds;
    this.#trials += trialsOf(s, ratios, crowds, this.#tables);
    this.#of.push(of);
    this.#waits.absorb(ledger.waits, cut.section, of % this.#groups);
    this.#responses.absorb(ledger.responses, cut.section, of % this.#groups);
    this.#cutRequests += cut.requests / s.runs;
    this.#cutMs += cut.ms / s.runs;
    if (!transient) return;
    this.#inSystem.add(transient.inSystem());
    this.#firstWaits.add(transient.firstWaits);
    this.#firstResponses.add(transient.firstResponses);
  }

  result(first: Result, keep?: Keep): Result {
    const s = this.#scenario;
    const whole = s.warmup === 'none' || unsteady(s) !== null;
    const unmet = this.#tooShort ?? (whole ? null : obstacle(s, first.replicas, this.#tables));
    const heavy = unmet === null ? heavyTail(s, first.replicas, this.#tables) : null;
    const plain = beside(this.#rows);
    const counts = [this.#waits.counts(), this.#responses.counts()] as const;
    const evidence = { crowds: this.#crowds, trials: this.#trials };
    const measured = (of: Ratios, by?: Corrections): Measures =>
      measuresOf(of, ...counts, s.confidence, evidence, true, by);
    const backlogs = columnsOf(this.#backlogs);
    const controls = unmet === null ? controlsOf(s, plain, backlogs, this.#tables) : NO_CONTROLS;
    const groupOf = (row: number): number => this.#of[row] % this.#groups;
    const byGroup = gathered(controls, (values) => sumsBy(values, groupOf, this.#groups));
    const corrected = withControls(plain, controls);
    const reduced = measured(joined(corrected, this.#of), correctionsBy(byGroup));
    const saves = s.antithetic === 'yes' || s.control === 'yes';
    const few = tooFew(s, reduced, this.#crowds, this.#cutRequests);
    keep?.({
      ratios: joined(plain, this.#of),
      controls: controls.middle.map((values) => together(values, this.#of)),
      independent: true,
      ...lacking(reduced, unmet, few),
    });
    const measures = withoutIntervals(reduced, bareOf(reduced, unmet, heavy, few));
    const steady = {
      confidence: s.confidence,
      method: 'replications' as const,
      runs: s.runs,
      warmup: { requests: this.#cutRequests, ms: this.#cutMs },
      ...reasons(s, reduced, unmet, heavy, few),
      gain: saves ? gainsOf(measured(plain), reduced) : null,
    };
    const summary = { ...first.summary, measures, steady };
    return { ...first, summary, ...(this.#asks() && { beginning: this.#beginning() }) };
  }

  #asks(): boolean {
    return this.#inSystem.length > 0 || this.#firstWaits.length > 0;
  }

  /** As far as every run reaches: a mean over those that lasted longer would be of the slow ones. */
  #beginning(): Beginning {
    const { bucket, confidence, first, runs } = this.#scenario;
    const steps = Array.from({ length: this.#inSystem.length }, (_, i) => i);
    return {
      inSystem: steps
        .filter((i) => this.#inSystem.count(i) === runs)
        .map((i) => ({ atMs: i * bucket, ...shown(this.#inSystem.at(i, confidence)) })),
      requests: Array.from({ length: first }, (_, i) => ({
        request: i + 1,
        waitMs: shown(this.#firstWaits.at(i, confidence)),
        responseMs: shown(this.#firstResponses.at(i, confidence)),
      })),
    };
  }
}

/** One number for each sum of a run. */
function totals(ratios: Ratios): Ratios {
  const one = ({ numerator, denominator }: Series): Series => ({
    numerator: [sum(numerator)],
    denominator: [sum(denominator)],
  });
  return Object.fromEntries(Object.entries(ratios).map(([name, series]) => [name, one(series)]));
}

/** The same numbers, a column each instead of a row each. */
function columnsOf(rows: readonly (readonly number[])[]): Float64Array[] {
  return rows[0].map((_, column) => Float64Array.from(rows, (row) => row[column]));
}

/** The runs' sums side by side; a kind of failure that a run did not have counts 0 there. */
function beside(rows: readonly Readonly<Record<string, Series | undefined>>[]): Ratios {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  return Object.fromEntries(
    names.map((name) => [
      name,
      {
        numerator: Float64Array.from(rows, (row) => row[name]?.numerator[0] ?? 0),
        denominator: Float64Array.from(rows, (row) => (row[name] ?? row.failedShare)?.denominator[0] ?? 0),
      },
    ]),
  );
}

/** Sums of the rows that belong together: a pair of antithetic runs counts as one. */
function together(values: ArrayLike<number>, of: readonly number[]): Float64Array {
  return sumsBy(values, (row) => of[row], of[of.length - 1] + 1);
}

function joined(ratios: Ratios, of: readonly number[]): Ratios {
  return Object.fromEntries(
    Object.entries(ratios).map(([name, { numerator, denominator }]) => [
      name,
      { numerator: together(numerator, of), denominator: together(denominator, of) },
    ]),
  );
}
