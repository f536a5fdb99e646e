/** A-2 on real replicas: N from 2 to 6 by the balancer's own /add, average load and what it hides (LAB 4, LAB 3.4). */
import { mean, peakToMean } from '../../core/stats/fairness.ts';
import { loadStack } from '../../live/run.ts';
import type { Stack } from '../../live/stack.ts';
import { lines } from '../charts/lines.ts';
import type { LiveLab } from '../live-lab.ts';
import { notebook } from '../story.ts';
import type { Story } from '../story.ts';
import { count } from '../wording.ts';

const FLEETS = [2, 3, 4, 5, 6];
/** A closed loop, since nothing but the counts is asked for: as fast as the machine can. */
const LOAD = { arrivals: 'closed(24)' };
const ORDER = ['simulated', 'live'];

interface Measured {
  readonly n: number;
  readonly world: string;
  readonly loads: readonly number[];
}

const meta = {
  title: 'A-2, live: from two real replicas to six',
  question: 'Does the fleet grow as the simulator says, with no request lost on the way?',
};

export default notebook<LiveLab>(meta, async (story, lab) => {
  const live = await lab.stack(
    { scenario: lab.scenario({ replicas: FLEETS[0] }), serve: false, retried: false },
    async (stack) => {
      const runs: (Measured & { failed: number })[] = [];
      for (const n of FLEETS) {
        if (n > FLEETS[0]) await add(stack, `S${n}`);
        const { result, load } = await loadStack(stack, lab.scenario({ ...LOAD, replicas: n }));
        runs.push({
          n,
          world: 'live',
          loads: result.replicas.map(({ requests }) => requests),
          failed: load.failed,
        });
      }
      return runs;
    },
  );
  const simulated = FLEETS.map((n) => {
    const { replicas } = lab.simulate(lab.scenario({ ...LOAD, replicas: n }));
    return { n, world: 'simulated', loads: replicas.map(({ requests }) => requests) };
  });
  tellAverage(
    story,
    [...simulated, ...live],
    live.reduce((sum, { failed }) => sum + failed, 0),
  );
  tellPeak(story, simulated, live);
});

async function add(stack: Stack, hostname: string): Promise<void> {
  const init = {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ n: 1, hostnames: [hostname] }),
  };
  const reply = await fetch(`${stack.url}/add`, init);
  if (!reply.ok) throw new Error(`/add answered ${reply.status}: ${await reply.text()}`);
}

function tellAverage(story: Story, runs: readonly Measured[], failed: number): void {
  const total = runs[0].loads.reduce((sum, requests) => sum + requests, 0);
  story.words(
    `One stack grows from two replicas to six by \`POST /add\`; after each step ${count(total)} requests are sent. ${count(failed)} of all requests failed. The average load is what the lab asks for; as in the simulated A-2 it is the total over N for any balancer.`,
  );
  story.chart({
    id: 'average',
    title: `The average load is ${count(total)}/N, live as simulated`,
    subtitle: 'requests handled a replica, average',
    caption: 'Average number of requests handled by a replica; the dashed line is the total over N.',
    rows: runs.map(({ n, world, loads }) => ({ n, world, average: mean(loads) })),
    datasets: { theory: FLEETS.map((n) => ({ n, average: total / n })) },
    width: 470,
    spec: lines({
      x: { field: 'n', title: 'replicas (N)', values: FLEETS, format: 'd' },
      y: { field: 'average', title: 'requests a replica', format: ',d' },
      series: { field: 'world', title: 'world', order: ORDER },
      theory: { data: 'theory', field: 'average' },
    }),
  });
  story.claim('No request fails while the fleet grows', failed === 0);
}

function tellPeak(story: Story, simulated: readonly Measured[], live: readonly Measured[]): void {
  const same = simulated.every(({ loads }, i) => JSON.stringify(loads) === JSON.stringify(live[i].loads));
  const last = live[live.length - 1];
  story.words(
    `Behind it, the busiest of ${last.n} replicas handles ${count(Math.max(...last.loads))} requests, ${peakToMean(last.loads).toFixed(2)} times the mean. ${same ? 'At every N every replica handled exactly the simulated number of requests.' : 'The counts differ from the simulated ones.'}`,
  );
  story.chart({
    id: 'peak-to-mean',
    title: "The lab's ring gets less even with every replica, live as simulated",
    subtitle: 'load of the busiest replica over the average; 1 is even',
    caption: 'Peak-to-mean over N, simulated and live.',
    rows: [...simulated, ...live].map(({ n, world, loads }) => ({ n, world, peak: peakToMean(loads) })),
    width: 470,
    spec: lines({
      x: { field: 'n', title: 'replicas (N)', values: FLEETS, format: 'd' },
      y: { field: 'peak', title: 'peak-to-mean ratio' },
      series: { field: 'world', title: 'world', order: ORDER },
    }),
  });
  story.claim('At every N every replica handles exactly the simulated number of requests', same);
}
