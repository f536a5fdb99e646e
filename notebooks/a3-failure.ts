/** A-3: a replica fails: who takes its load, what is lost, and which keys move (LAB 4, LAB 3.2). */
import { populatedPlacement } from '../core/resolve.ts';
import type { Result } from '../core/result.ts';
import { scenario } from '../core/scenario.ts';
import { disruption } from '../core/stats/disruption.ts';
import { keyShares } from '../core/stats/causes.ts';
import { allIds } from '../core/random/ids.ts';
import { stackPanels } from './charts/bars.ts';
import { timeline, timelines } from './charts/timeline.ts';
import { experiment } from './lab.ts';
import type { Story } from './story.ts';
import { count, list, percent } from './wording.ts';

const STEP_MS = 500;
const MS = 1000;
const FAIL_AT = '15s:S1';
const MIXING = { requestHash: 'murmur3', serverHash: 'murmur3' } as const;
/** Two workers a replica, so that even one replica can carry the whole load while another is being replaced. */
const COMMON = {
  failAt: FAIL_AT,
  bucket: STEP_MS,
  requests: 10_000,
  arrivals: 'poisson(300)',
  workers: 2,
  detect: 1500,
  start: 3000,
};

const meta = {
  title: 'A-3: a replica fails',
  question: 'What is lost until the balancer notices, who takes the load, and which keys move?',
};

export default experiment(meta, (story, lab) => {
  const labs = lab.run(COMMON);
  const mixing = lab.run({ ...COMMON, ...MIXING });
  tellFailure(story, labs, 'lab', "the lab's hashes");
  tellFailure(story, mixing, 'mixing', 'murmur3');
  story.words('## What is lost');
  tellErrors(story, [labs, mixing]);
  story.words('## Which keys move');
  tellMoves(story);
});

function takers({ timeline: steps, events, replicas }: Result): { replica: string; share: number }[] {
  const [failed, , joined] = events.map(({ atMs }) => atMs);
  const { detect } = COMMON;
  const during = steps.filter(({ fromMs }) => fromMs >= failed + detect && fromMs + STEP_MS <= joined);
  const total = during.reduce((sum, { completed }) => sum + completed, 0);
  return replicas.slice(0, 3).map(({ replica }) => ({
    replica,
    share:
      during.filter((step) => step.replica === replica).reduce((sum, { completed }) => sum + completed, 0) /
      total,
  }));
}

function tellFailure(story: Story, result: Result, id: string, hashes: string): void {
  const { events, replicas, scenario: s } = result;
  const [failed, noticed, joined] = events;
  const before = replicas[0].requests / replicas.reduce((sum, { requests }) => sum + requests, 0);
  const after = takers(result).filter(({ share }) => share > 0);
  const failing = keyShares(populatedPlacement(s), allIds()).get(0) ?? 0;
  story.words(
    `With **${hashes}**, ${failed.replica} owns ${percent(failing)} of all ids. It fails at ${failed.atMs / MS} s; the balancer notices ${(noticed.atMs - failed.atMs) / MS} s later, and ${joined.replica} serves in its place ${(joined.atMs - failed.atMs) / MS} s after the failure. In between ${list(after.map(({ replica, share }) => `${replica} handles ${percent(share, 0)}`))} of what is answered. Over the whole run ${failed.replica} was picked for ${percent(before)} of the requests.`,
  );
  const order = replicas.map(({ replica }) => replica);
  story.chart({
    id: `throughput-${id}`,
    title: `${list(after.map(({ replica }) => replica))} ${after.length === 1 ? 'takes' : 'take'} over until ${joined.replica} serves`,
    subtitle: `requests completed a second by replica, ${hashes}, ${s.arrivals} a second`,
    caption: `Throughput in steps of ${STEP_MS / MS} s, stacked by replica. ${eventsInWords(result)}.`,
    rows: result.timeline
      .filter(({ fromMs }) => fromMs + STEP_MS <= result.summary.durationMs)
      .map(({ fromMs, replica, completed }) => ({
        s: fromMs / MS,
        replica,
        order: order.indexOf(replica),
        rate: completed / (STEP_MS / MS),
      })),
    datasets: { events: eventRows(result) },
    width: 560,
    height: 220,
    spec: timeline(
      { field: 'rate', title: 'completed a second' },
      { field: 'replica', title: 'replica' },
      order,
    ),
  });
}

function tellErrors(story: Story, results: readonly Result[]): void {
  const names = ["the lab's hashes", 'murmur3'];
  const failed = results.map(({ summary }) => summary.requests - summary.completed);
  const [labs, mixing] = results;
  const { refused, lost } = labs.summary.failures;
  const rate = 300;
  const expected = results.map(
    ({ scenario: s }) =>
      (keyShares(populatedPlacement(s), allIds()).get(0) ?? 0) * rate * (COMMON.detect / MS),
  );
  story.words(
    `A balancer that forwards by key and retries nothing loses what it sends to the dead replica until it notices: the replica's share of the keys, times the rate, times the time to notice. For the lab's hashes that is about ${count(Math.round(expected[0]))} requests; ${count(refused)} were refused and ${count(lost)} were lost in service or in the queue. For murmur3 it is about ${count(Math.round(expected[1]))}, and ${count(mixing.summary.failures.refused)} were refused. After the notice nothing fails.`,
  );
  const rows = results.flatMap(({ timeline: steps, summary }, i) =>
    failuresByStep(steps, summary.durationMs).map((step) => ({ ...step, hashes: names[i] })),
  );
  story.chart({
    id: 'errors',
    title: `${count(failed[0])} of ${count(labs.summary.requests)} requests fail with the lab's hashes, ${count(failed[1])} with murmur3`,
    subtitle: `failed requests a second; the balancer notices after ${COMMON.detect / MS} s`,
    caption: `Failed requests in steps of ${STEP_MS / MS} s. Refused, since they were sent before the balancer noticed: ${count(refused)} and ${count(mixing.summary.failures.refused)}. Lost in service or in the queue: ${count(lost)} and ${count(mixing.summary.failures.lost)}. ${eventsInWords(labs)}.`,
    rows,
    datasets: { events: eventRows(labs) },
    width: 540,
    height: 200,
    spec: timelines(
      { field: 'rate', title: 'failed a second' },
      { field: 'hashes', title: 'hash functions' },
      names,
    ),
  });
  const late = results.flatMap(({ timeline: steps, events }) =>
    steps.filter((step) => step.failed > 0 && step.fromMs > events[1].atMs),
  );
  story.claim('No request fails after the balancer has noticed', late.length === 0);
  const off = Math.max(
    ...results.map(
      ({ summary }, i) => Math.abs(summary.failures.refused - expected[i]) / Math.sqrt(expected[i]),
    ),
  );
  story.claim(
    `Refused requests are as many as share × rate × time to notice says, within 4 standard deviations (${off.toFixed(1)})`,
    off < 4,
  );
}

/** Failed requests of all replicas a step, as a rate. */
function failuresByStep(steps: Result['timeline'], durationMs: number): { s: number; rate: number }[] {
  const whole = [...new Set(steps.map(({ fromMs }) => fromMs))].filter(
    (from) => from + STEP_MS <= durationMs,
  );
  return whole.map((from) => {
    const failed = steps.filter(({ fromMs }) => fromMs === from).reduce((sum, step) => sum + step.failed, 0);
    return { s: from / MS, rate: failed / (STEP_MS / MS) };
  });
}

function eventRows({ events }: Result): { s: number; event: string; number: string }[] {
  return events.map(({ atMs, event, replica }, i) => ({
    s: atMs / MS,
    event: `${replica} ${event}`,
    number: String(i + 1),
  }));
}

function eventsInWords({ events }: Result): string {
  return events
    .map(({ atMs, event, replica }, i) => `${i + 1}: ${replica} ${event} (${atMs / MS} s)`)
    .join('; ');
}

function tellMoves(story: Story): void {
  const fleets = [2, 3, 4, 5, 6];
  const rows = fleets.flatMap((n) =>
    ['slot-ring', 'modulo'].map((placement) => {
      const before = populatedPlacement(scenario({ ...MIXING, replicas: n, placement }));
      const after = populatedPlacement(scenario({ ...MIXING, replicas: n, placement }));
      after.remove(0);
      const { keys, necessary, collateral } = disruption(
        allIds(),
        (key) => before.locate(key),
        (key) => after.locate(key),
        new Set([0]),
      );
      return {
        n,
        placement,
        necessary: necessary / keys,
        collateral: collateral / keys,
        moved: (necessary + collateral) / keys,
      };
    }),
  );
  const at = (placement: string, n: number) =>
    rows.find((row) => row.placement === placement && row.n === n) ?? rows[0];
  const returns = movesAfterReplacement();
  story.words(
    `When one of N replicas goes, its own keys must move: no scheme can move fewer. On the slot ring nothing else moves (LAB 2.6): at N = 3, ${percent(at('slot-ring', 3).moved)} of all ids, exactly what the replica owned. Hash modulo N moves ${percent(at('modulo', 3).moved)}, of which ${percent(at('modulo', 3).collateral)} belonged to replicas that never failed. The replacement takes over the id of the dead replica and with it the virtual servers, so after it has joined ${returns === 0 ? 'every key is back at the place it had' : `${count(returns)} keys are elsewhere`}.`,
  );
  story.chart({
    id: 'moves',
    title: 'The slot ring moves only the keys of the replica that failed',
    subtitle: 'share of all 900,000 ids whose replica changes when one of N fails; murmur3',
    caption:
      'Necessary: ids of the replica that failed, the least that any scheme can move. Collateral: ids of replicas that never failed.',
    rows: rows.flatMap(({ n, placement, necessary, collateral }) => [
      { n, placement, kind: 'necessary', order: 0, share: necessary },
      { n, placement, kind: 'collateral', order: 1, share: collateral },
    ]),
    spec: stackPanels(
      { field: 'placement', title: null },
      { field: 'n', title: 'replicas before the failure (N)' },
      { field: 'share', title: 'share of ids that move', format: '.0%' },
      { field: 'kind', title: 'move' },
      ['necessary', 'collateral'],
    ),
  });
  story.claim(
    'On the slot ring no key of a healthy replica moves, at any N',
    fleets.every((n) => at('slot-ring', n).collateral === 0),
  );
  story.claim(
    'Hash modulo N moves keys of healthy replicas at every N above 2',
    fleets.filter((n) => n > 2).every((n) => at('modulo', n).collateral > 0),
  );
  story.claim('After the replacement has joined, every key is where it was', returns === 0);
}

/** Ids whose place in the fleet differs after a failure and its replacement. */
function movesAfterReplacement(): number {
  const s = scenario(MIXING);
  const before = populatedPlacement(s);
  const after = populatedPlacement(s);
  after.remove(0);
  after.add({ handle: s.replicas, id: s.firstId, name: 'S4', weight: 1 });
  const place = (handle: number): number => (handle === s.replicas ? 0 : handle);
  const moved = disruption(
    allIds(),
    (key) => before.locate(key),
    (key) => place(after.locate(key)),
    new Set(),
  );
  return moved.collateral;
}
