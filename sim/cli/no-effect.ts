/** Knobs that are legal and do nothing: whoever gives one is told so. */
import { failuresOf, spansOf } from '../../core/knob.ts';
import type { Result } from '../../core/result.ts';
import type { Scenario } from '../../core/scenario.ts';
import type { Tables } from '../../core/tables.ts';

/** A sentence for every knob of a scenario that cannot change anything in it, though a grid may need it as its beginning. */
export function withoutEffect(s: Scenario, tables: Tables): string[] {
  return [...shortSpans(s), ...drawsOfAll(s, tables), ...firstOfOne(s)];
}

/** A sentence for every fault that the run ended before. */
export function late({ scenario, summary }: Result): string[] {
  const ended = (summary.durationMs / 1000).toFixed(3);
  const faults = [
    ...failuresOf(scenario.failAt).map((fault) => ({ ...fault, verb: 'fail' })),
    ...spansOf(scenario.slowAt).map((fault) => ({ ...fault, verb: 'become slow' })),
    ...spansOf(scenario.pauseAt).map((fault) => ({ ...fault, verb: 'hang' })),
    ...spansOf(scenario.partitionAt).map((fault) => ({ ...fault, verb: 'become unreachable' })),
  ];
  return faults
    .filter(({ atMs }) => atMs > summary.durationMs)
    .map(
      ({ atMs, replica, verb }) =>
        `${replica} did not ${verb} at ${atMs / 1000} s: the run had ended at ${ended} s.`,
    );
}

function shortSpans(s: Scenario): string[] {
  const spans = [
    ...spansOf(s.slowAt).map((span) => ({ ...span, flag: 'slow-at', even: span.factor === 1 })),
    ...spansOf(s.pauseAt).map((span) => ({ ...span, flag: 'pause-at', even: false })),
    ...spansOf(s.partitionAt).map((span) => ({ ...span, flag: 'partition-at', even: false })),
  ];
  return spans
    .filter(({ forMs, even }) => forMs === 0 || even)
    .map(({ flag, atMs, replica, forMs }) => {
      const why = forMs === 0 ? 'lasts 0 ms' : 'has the factor 1';
      return `--${flag} of ${replica} at ${atMs / 1000} s ${why}, so it does nothing.`;
    });
}

/** Of fewer replicas than it is to draw, a policy draws all; a fleet that grows may come to have enough. */
function drawsOfAll(s: Scenario, tables: Tables): string[] {
  const { entry, args, spec } = tables.policies.choose(s.policy);
  if (entry.name !== 'power-of-d' || args[0] <= s.replicas || s.autoscale !== 'none') return [];
  const who = s.replicas === 1 ? 'the one replica that there is' : `all ${s.replicas} replicas`;
  return [`${spec} of --policy draws ${who} for each request, since there are no more.`];
}

function firstOfOne({ first, runs }: Scenario): string[] {
  return first > 0 && runs === 1 ? ['--first does nothing with --runs 1: means take several runs.'] : [];
}
