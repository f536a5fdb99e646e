/** A-1 on real replicas: the same requests in both worlds, replica by replica and pick by pick (LAB 4). */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Result } from '../../core/result.ts';
import { interval95 } from '../../core/stats/interval.ts';
import { replay } from '../../live/replay/replay.ts';
import type { Replay } from '../../live/replay/replay.ts';
import { loadStack } from '../../live/run.ts';
import type { LiveResult } from '../../live/run.ts';
import { columnGroups } from '../charts/bars.ts';
import type { LiveLab } from '../live-lab.ts';
import { notebook } from '../story.ts';
import type { Story } from '../story.ts';
import { count, percent } from '../wording.ts';

const REPLICATIONS = 5;
const WORLDS = ['simulated', 'live'];
const QUANTILES = ['mean', 'p50', 'p90', 'p99'] as const;
const world = { field: 'world', title: 'world' };

/** One replication in both worlds; the simulator was given the service times that were measured. */
interface Pair {
  readonly live: LiveResult;
  readonly simulated: Result;
}

const meta = {
  title: 'A-1, live: 10,000 requests on three real replicas',
  question: 'Does a live run decide as the simulator does, and does it respond as the simulator says?',
};

export default notebook<LiveLab>(meta, async (story, lab) => {
  const folder = mkdtempSync(join(tmpdir(), 'evenly-a1-'));
  try {
    const record = join(folder, 'decisions.ndjson');
    const pairs = await measure(lab, record);
    tellCounts(story, lab, pairs);
    story.words('## Decision for decision');
    tellReplay(story, await replay(record));
    story.words('## Response times');
    tellResponses(story, pairs);
    story.record(
      'runs',
      pairs.map(({ live: { result } }) => ({ scenario: result.scenario, summary: result.summary })),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});

async function measure(lab: LiveLab, record: string): Promise<Pair[]> {
  const given = { requests: Math.ceil(lab.requests / REPLICATIONS), arrivals: 'poisson(300)', workers: 2 };
  const lives = await lab.stack({ scenario: lab.scenario(given), record, retried: false }, async (stack) => {
    await loadStack(stack, lab.scenario({ ...given, requests: 200 })); // connections and compiled code, before what counts
    const results: LiveResult[] = [];
    for (let i = 0; i < REPLICATIONS; i++)
      results.push(await loadStack(stack, lab.scenario({ ...given, seed: lab.seed + i })));
    return results;
  });
  const serviceMs = lives.flatMap(({ load }) => load.serviceMs);
  return lives.map((live) => ({ live, simulated: lab.simulate(live.result.scenario, serviceMs) }));
}

function countsOf({ replicas }: Result): Map<string, number> {
  return new Map(replicas.map(({ replica, requests }) => [replica, requests]));
}

function tellCounts(story: Story, lab: LiveLab, pairs: readonly Pair[]): void {
  const names = pairs[0].simulated.replicas.map(({ replica }) => replica);
  const total = (results: readonly Result[], name: string): number =>
    results.reduce((sum, result) => sum + (countsOf(result).get(name) ?? 0), 0);
  const rows = names.flatMap((replica) => [
    {
      replica,
      world: 'simulated',
      requests: total(
        pairs.map(({ simulated }) => simulated),
        replica,
      ),
    },
    {
      replica,
      world: 'live',
      requests: total(
        pairs.map(({ live }) => live.result),
        replica,
      ),
    },
  ]);
  const sent = pairs.reduce((sum, { live }) => sum + live.load.sent, 0);
  const failed = pairs.reduce((sum, { live }) => sum + live.load.failed, 0);
  const differing = pairs.flatMap(({ live, simulated }) =>
    names.filter((name) => (countsOf(live.result).get(name) ?? 0) !== countsOf(simulated).get(name)),
  );
  const busiest = [...rows].filter((row) => row.world === 'live').sort((a, b) => b.requests - a.requests)[0];
  const kind = lab.driver === 'docker' ? 'containers' : 'child processes';
  story.words(
    `${count(sent)} requests in ${REPLICATIONS} runs with seeds of their own go through the gateway to three ${kind}; ${count(failed)} failed. The same seeds give the simulator the same ids. ${busiest.replica} handled ${count(busiest.requests)} of them, ${percent(busiest.requests / sent)}, and ${differing.length === 0 ? '**every count is the same in both worlds**' : `${differing.length} counts differ`}.`,
  );
  story.chart({
    id: 'requests',
    title:
      differing.length === 0
        ? 'The live balancer counts exactly as the simulated one'
        : 'The two worlds count differently',
    subtitle: `requests handled by each replica, ${count(sent)} requests, the lab's own hash functions`,
    caption: 'Requests handled by each replica, simulated and live, over all runs.',
    rows,
    width: 380,
    spec: columnGroups(
      { field: 'replica', title: 'replica' },
      { field: 'requests', title: 'requests handled', format: ',d' },
      world,
      WORLDS,
    ),
  });
  story.claim('No request fails', failed === 0);
  story.claim(
    'In every run every replica handles exactly the simulated number of requests',
    differing.length === 0,
  );
}

function tellReplay(story: Story, { counts, mismatch }: Replay): void {
  story.words(
    `The gateway recorded every verb that it called on its balancer. Fed to a fresh balancer of \`core\`, ${count(counts.p)} picks, ${count(counts.s)} starts and ${count(counts.f)} ends give ${mismatch ? `another replica first on line ${mismatch.line}` : 'the same replica every time'}.`,
  );
  story.claim(`All ${count(counts.p)} picks replay identically`, mismatch === null && counts.p > 0);
}

function tellResponses(story: Story, pairs: readonly Pair[]): void {
  const differences = QUANTILES.map((quantile) => {
    const values = pairs.map(
      ({ live, simulated }) =>
        (live.load.responseMs[quantile] ?? NaN) - (simulated.summary.responseMs[quantile] ?? NaN),
    );
    return { quantile, ...interval95(values) };
  });
  const rows = QUANTILES.flatMap((quantile) =>
    WORLDS.map((name) => ({
      quantile,
      world: name,
      ms: interval95(
        pairs.map(
          ({ live, simulated }) =>
            (name === 'live' ? live.load : simulated.summary).responseMs[quantile] ?? NaN,
        ),
      ).mean,
    })),
  );
  const [mean] = differences;
  const unfit = [...new Set(pairs.flatMap(({ live }) => live.load.fit.reasons))];
  const fitness =
    unfit.length === 0
      ? 'The machine had the time to measure this.'
      : `**Not fit to be believed:** ${unfit.join(' ')}`;
  const listed = differences.map(
    ({ quantile, mean: by, half }) => `${quantile} ${by.toFixed(2)} ± ${half.toFixed(2)} ms`,
  );
  story.words(
    `The simulator was given the service times that the replicas measured, the same arrivals and the same keys. It has no network and no gateway, so live should be slower by what those cost. Live less simulated, with 95% intervals over ${REPLICATIONS} paired runs: ${listed.join('; ')}. ${fitness}`,
  );
  story.chart({
    id: 'responses',
    title: `Live responses take ${mean.mean.toFixed(1)} ms ${mean.mean < 0 ? 'less' : 'more'} than simulated ones on average`,
    subtitle: 'response time from the intended start; mean over the runs of each quantile',
    caption: `Simulated with the measured service times, and live. Paired differences: ${listed.join('; ')}.`,
    rows,
    width: 420,
    spec: columnGroups(
      { field: 'quantile', title: 'of the response times' },
      { field: 'ms', title: 'response time (ms)', format: '~g' },
      world,
      WORLDS,
    ),
  });
  story.record('differences', { differences, unfit });
}
