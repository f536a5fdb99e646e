/** A-4 on real replicas: the running gateway takes one hash function after the other (LAB 4). */
import { peakToMean } from '../../core/stats/fairness.ts';
import { loadStack } from '../../live/run.ts';
import { barGroups, columnGroups } from '../charts/bars.ts';
import type { LiveLab } from '../live-lab.ts';
import { notebook } from '../story.ts';
import { count, list } from '../wording.ts';

const LOAD = { arrivals: 'closed(24)' };
const SCHEMES = [
  { name: "the lab's pair", given: { requestHash: 'poly(1,2,17)', serverHash: 'phi(1,1,2,25)' } },
  ...['crc32', 'fnv1a', 'md5', 'murmur3', 'sha256'].map((name) => ({
    name,
    given: { requestHash: name, serverHash: name },
  })),
  { name: 'round robin', given: { policy: 'round-robin' } },
];

const meta = {
  title: 'A-4, live: other hash functions without a restart',
  question: 'Does a running gateway take a new hash or policy, and does the load follow as simulated?',
};

export default notebook<LiveLab>(meta, async (story, lab) => {
  const runs = await lab.stack({ scenario: lab.scenario(), serve: false, retried: false }, async (stack) => {
    const measured = [];
    for (const { name, given } of SCHEMES) {
      await stack.turn(given);
      const s = lab.scenario({ ...LOAD, ...given });
      const { result, load } = await loadStack(stack, s);
      measured.push({
        name,
        failed: load.failed,
        live: result.replicas.map(({ requests }) => requests),
        simulated: lab.simulate(s).replicas.map(({ requests }) => requests),
      });
    }
    return measured;
  });
  const failed = runs.reduce((sum, run) => sum + run.failed, 0);
  const differing = runs.filter(({ live, simulated }) => JSON.stringify(live) !== JSON.stringify(simulated));
  const peaks = runs
    .map(({ name, live }) => ({ name, peak: peakToMean(live) }))
    .sort((a, b) => a.peak - b.peak);
  const [best, worst] = [peaks[0], peaks[peaks.length - 1]];
  story.words(
    `One gateway, never restarted, is told through its admin listener to use ${list(SCHEMES.map(({ name }) => name))} in turn, and gets ${count(lab.requests)} requests with each. ${count(failed)} requests failed. The most even is ${best.name} (peak-to-mean ${best.peak.toFixed(2)}), the least ${worst.name} (${worst.peak.toFixed(2)}). ${differing.length === 0 ? 'Every count is the simulated one.' : `The counts of ${list(differing.map(({ name }) => name))} differ from the simulated ones.`}`,
  );
  story.chart({
    id: 'hash-functions',
    title: `From ${worst.peak.toFixed(2)} times the mean to ${best.peak.toFixed(2)} without a restart`,
    subtitle: `share of ${count(lab.requests)} requests that each replica handles, N = 3, M = 512, K = 9`,
    caption: 'Live shares; the same function for H and Φ. The dotted line is the even share.',
    rows: runs.flatMap(({ name, live }) =>
      live.map((requests, i) => ({
        hash: name,
        replica: `S${i + 1}`,
        share: requests / lab.requests,
        even: 1 / live.length,
      })),
    ),
    width: 420,
    height: 46 * runs.length,
    spec: barGroups(
      { field: 'hash', title: null },
      { field: 'share', title: 'share of the requests', format: '.0%' },
      { field: 'replica', title: 'replica' },
      'even',
    ),
  });
  story.chart({
    id: 'peak-to-mean',
    title: 'The evenness of each is what the simulator says',
    subtitle: 'load of the busiest replica over the average; 1 is even',
    caption: 'Peak-to-mean of the counts, simulated and live, for the same requests.',
    rows: runs.flatMap(({ name, live, simulated }) => [
      { hash: name, world: 'simulated', peak: peakToMean(simulated) },
      { hash: name, world: 'live', peak: peakToMean(live) },
    ]),
    width: 520,
    spec: columnGroups(
      { field: 'hash', title: 'hash function or policy' },
      { field: 'peak', title: 'peak-to-mean ratio', format: '.1f' },
      { field: 'world', title: 'world' },
      ['simulated', 'live'],
    ),
  });
  story.claim('No request fails while hash functions and policy are exchanged', failed === 0);
  story.claim(
    'With each of them every replica handles exactly the simulated number of requests',
    differing.length === 0,
  );
  story.record('runs', runs);
});
