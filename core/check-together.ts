/** What no knob can see alone: values of a scenario that do not go together. */
import { InputError } from './input-error.ts';
import { failuresOf, spansOf } from './knob.ts';
import { replicaKnobs } from './knobs/replicas.ts';
import { durationOf, meanOf, offeredLoad } from './load.ts';
import { asksPlacement } from './policy/by-key.ts';
import type { Scenario } from './scenario.ts';
import type { Tables } from './tables.ts';

/** @throws InputError for the first that does not fit the rest */
export function checkTogether(s: Scenario, tables: Tables): void {
  if (s.antithetic === 'yes' && (s.runs < 4 || s.runs % 2 > 0)) {
    throw new InputError(
      `--antithetic yes pairs runs, so --runs must be even and at least 4, but is ${s.runs}.`,
    );
  }
  const virtual = s.replicas * s.vnodes;
  const onRing = s.placement === 'slot-ring' && asksPlacement(tables.policies.choose(s.policy).entry);
  if (onRing && virtual > s.slots) {
    throw new InputError(
      `${s.replicas} replicas with ${s.vnodes} virtual servers each need ${virtual} slots, but --slots is ${s.slots}.`,
    );
  }
  if (s.weights.split(':').some((weight) => weight !== '1')) checkWeights(s, tables);
  checkWarmup(s);
  checkWorkers(s);
  checkNames(s);
  checkCount(s, tables);
  checkLoad(s, tables);
  checkHealth(s);
  checkOften(s, tables);
}

/** A warm-up in requests; one in time is as long as the run only where arrivals make it so. */
function checkWarmup({ precision, requests, warmup }: Scenario): void {
  if (!(Number(warmup) >= requests)) return;
  const first = precision > 0 ? ' and the least that --precision sends' : '';
  throw new InputError(
    `--warmup is ${warmup} requests, but must be fewer than --requests, which is ${requests}${first}; auto and none are legal too.`,
  );
}

/** Each worker takes 32 bytes. */
const MOST_WORKERS = 20_000_000;

function checkWorkers({ autoscale, replicas, scaleMax, workers }: Scenario): void {
  const most = autoscale === 'none' ? replicas : Math.max(replicas, scaleMax);
  if (most * workers <= MOST_WORKERS) return;
  throw new InputError(
    `${most} replicas with ${workers} workers each have ${most * workers}, but a run has ${MOST_WORKERS} at most; lower --workers.`,
  );
}

function checkWeights(s: Scenario, tables: Tables): void {
  const { entry } = tables.policies.choose(s.policy);
  const { entry: placement } = tables.placements.choose(s.placement);
  const able = asksPlacement(entry) ? placement.can.weights : entry.weights;
  if (able) return;
  const scheme = asksPlacement(entry) ? `${entry.name} over ${placement.name}` : entry.name;
  const takes = tables.policies.entries.filter(({ weights: w }) => w === true).map(({ name }) => name);
  throw new InputError(
    `${scheme} has no weights, but --weights is '${s.weights}'; ${takes.join(' and ')} have.`,
  );
}

/** Names of replicas that there can be: those of the start, and one more for each failure that is told beforehand. */
function checkNames(s: Scenario): void {
  const grows = s.mtbf !== 'none' || s.autoscale !== 'none' || s.silent === 'replace';
  const most = grows ? Infinity : s.replicas + failuresOf(s.failAt).length;
  const named = [
    ['fail-at', failuresOf(s.failAt)],
    ['slow-at', spansOf(s.slowAt)],
    ['pause-at', spansOf(s.pauseAt)],
    ['partition-at', spansOf(s.partitionAt)],
  ] as const;
  for (const [flag, faults] of named) {
    const stranger = faults.find(({ replica }) => Number(replica.slice(1)) > most);
    if (!stranger) continue;
    throw new InputError(
      `--${flag} names ${stranger.replica}, but the replicas are S1 to S${s.replicas} and their replacements.`,
    );
  }
}

function checkCount(s: Scenario, tables: Tables): void {
  const { entry, args } = tables.arrivals.choose(s.arrivals);
  const arrivals = entry.make(args);
  if (arrivals.kind === 'closed' || s.requests <= (arrivals.count ?? Infinity)) return;
  throw new InputError(`--requests is ${s.requests}, but the trace '${s.arrivals}' has ${arrivals.count}.`);
}

/**
 * A load at or above capacity has no steady state unless something bounds the queues: places for fewer requests than
 * are sent, or clients who leave. The lab's own 1000 places always count as a bound.
 */
function checkLoad(s: Scenario, tables: Tables): void {
  const bounded = s.queue < s.requests || s.queue <= replicaKnobs.queue.default || s.patience !== 'none';
  if (bounded || s.overload === 'allow' || s.autoscale !== 'none') return;
  const load = offeredLoad(s, tables);
  if (load === undefined || load < 1) return;
  throw new InputError(
    `--arrivals ${s.arrivals} offer ${load.toFixed(3)} of what the replicas can serve, but a queue without a bound needs a load ` +
      `below 1; bound it by --queue, or ask for the transient by --overload allow.`,
  );
}

function checkHealth(s: Scenario): void {
  if (s.heartbeat === 0 && s.silent === 'replace') {
    throw new InputError('--silent replace needs heartbeats to miss: give --heartbeat, such as 250ms.');
  }
  if (s.breakdown === 'resume' && s.mttr === 'none') {
    throw new InputError(
      '--breakdown resume needs a repair to resume after: give --mttr, such as exponential(1000).',
    );
  }
  if (s.scaleMin > s.scaleMax) {
    throw new InputError(
      `--scale-min is ${s.scaleMin}, but must be at most --scale-max, which is ${s.scaleMax}.`,
    );
  }
  if (s.autoscale !== 'none' && s.scaleEvery === 0) {
    throw new InputError('--scale-every is 0, but must be above 0 ms.');
  }
}

/** Failures, or looks of the autoscaler, of a run at most: more take hours, and are a slip of a unit. */
const MOST_OFTEN = 1e9;

function checkOften(s: Scenario, tables: Tables): void {
  const ms = durationOf(s, tables);
  if (ms === undefined) return;
  const everies: [string, number, number][] = [];
  if (s.mtbf !== 'none') everies.push(['mtbf', meanOf(s.mtbf, tables), s.replicas]);
  if (s.autoscale !== 'none') everies.push(['scale-every', s.scaleEvery, 1]);
  for (const [flag, everyMs, of] of everies) {
    if ((ms / everyMs) * of <= MOST_OFTEN) continue;
    throw new InputError(
      `--${flag} is ${everyMs} ms in the mean, but must be ${Number(((ms * of) / MOST_OFTEN).toPrecision(3))} ms or more where ${s.requests} requests take ${Number(ms.toPrecision(3))} ms to come.`,
    );
  }
}
