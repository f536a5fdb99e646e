/** N from 2 to 6, the average load that the lab asks for, and what that average hides (LAB 4). */
import { hashOf } from '../core/resolve.ts';
import { coefficientOfVariation, mean, peakToMean } from '../core/stats/fairness.ts';
import { ownerShares, slotShares } from '../core/placement/slot-shares.ts';
import { ballsVariation, ringVariation } from '../core/stats/theory.ts';
import { lines } from './charts/lines.ts';
import { strips } from './charts/strips.ts';
import { experiment } from './lab.ts';
import type { Lab } from './lab.ts';
import type { Story } from './story.ts';
import { count, percent } from './wording.ts';

const FLEETS = [2, 3, 4, 5, 6];
const MIXING = 'murmur3';
/** The fleets that are compared; the last stands for the ideal: every request drawn evenly. */
const SCHEMES = [
  { name: "the lab's ring", given: {} },
  { name: `ring with ${MIXING}`, given: { requestHash: MIXING, serverHash: MIXING } },
  { name: 'ideal (random)', given: { policy: 'random' } },
] as const;
const ORDER = SCHEMES.map(({ name }) => name);

interface Run {
  readonly scheme: string;
  readonly n: number;
  readonly loads: readonly number[];
}

const meta = {
  title: 'A-2: from two replicas to six',
  question: 'What does the average load say about scaling, and what does it hide?',
};

export default experiment(meta, (story, lab) => {
  const runs = SCHEMES.flatMap(({ name, given }) =>
    FLEETS.map((n) => ({
      scheme: name,
      n,
      loads: lab.run({ ...given, replicas: n }).replicas.map(({ requests }) => requests),
    })),
  );
  const ofLab = runs.filter(({ scheme }) => scheme === ORDER[0]);
  tellAverage(story, ofLab);
  story.words('## What the average hides');
  tellSpread(story, ofLab);
  tellPeaks(story, runs);
  story.words('## How many replicas one really has');
  tellCapacity(story, runs);
  story.words('## Against theory');
  tellTheory(story, lab, runs);
});

function tellAverage(story: Story, ofLab: readonly Run[]): void {
  const averages = ofLab.map(({ n, loads }) => ({ n, average: mean([...loads]) }));
  const [first, last] = [averages[0], averages[averages.length - 1]];
  const total = first.average * first.n;
  story.words(
    `The lab asks for the average load of the replicas. With ${count(total)} requests it falls from ${count(first.average)} at N = ${first.n} to ${count(Math.round(last.average))} at N = ${last.n}: it is ${count(total)}/N by definition, whatever the balancer does. As an observation on scalability it would be the same for the worst balancer there is.`,
  );
  story.chart({
    id: 'average',
    title: `The average load is ${count(total)}/N for any balancer`,
    subtitle: `requests handled a replica, average, of ${count(total)} requests`,
    caption:
      'Average number of requests handled by a replica, measured; the dashed line is the total over N.',
    rows: averages,
    datasets: { theory: averages.map(({ n }) => ({ n, average: total / n })) },
    spec: lines({
      x: { field: 'n', title: 'replicas (N)', values: FLEETS, format: 'd' },
      y: { field: 'average', title: 'requests a replica', format: ',d' },
      theory: { data: 'theory', field: 'average' },
    }),
  });
  story.claim(
    'The average load equals the total over N at every N',
    averages.every(({ n, average }) => Math.abs(average - total / n) < 1e-9),
  );
}

function tellSpread(story: Story, ofLab: readonly Run[]): void {
  const ends = ofLab.map(({ n, loads }) => ({ n, least: Math.min(...loads), most: Math.max(...loads) }));
  const { n, least, most } = ends[ends.length - 1];
  const [first] = ends;
  story.words(
    `Behind the average, at N = ${n} the busiest replica handles ${count(most)} requests and the idlest ${count(least)}. From N = ${first.n} to N = ${n} the load of the busiest went from ${count(first.most)} to ${count(most)}: ${count(n - first.n)} more replicas took ${percent(1 - most / first.most)} off it.`,
  );
  story.chart({
    id: 'spread',
    title: `${n - first.n} more replicas take ${percent(1 - most / first.most, 0)} off the busiest one`,
    subtitle: "requests handled by each replica, the lab's ring",
    caption: 'Each dot is a replica; the line is the average of the chart above.',
    rows: ofLab.flatMap((run) =>
      run.loads.map((requests, i) => ({
        n: run.n,
        replica: `S${i + 1}`,
        requests,
        average: mean([...run.loads]),
      })),
    ),
    spec: strips(
      { field: 'n', title: 'replicas (N)', format: 'd' },
      FLEETS,
      { field: 'requests', title: 'requests handled', format: ',d' },
      { field: 'replica', title: 'replica' },
      'average',
    ),
  });
}

function tellPeaks(story: Story, runs: readonly Run[]): void {
  const rows = runs.map(({ scheme, n, loads }) => ({ scheme, n, peak: peakToMean([...loads]) }));
  const at = (scheme: string, n: number): number =>
    rows.find((row) => row.scheme === scheme && row.n === n)?.peak ?? NaN;
  const [labs, mixing, ideal] = ORDER;
  story.words(
    `The peak-to-mean ratio says it in one number. At N = 6 it is **${at(labs, 6).toFixed(2)}** for the lab's ring, ${at(mixing, 6).toFixed(2)} when both hashes mix, and ${at(ideal, 6).toFixed(2)} for the ideal, an even draw for every request, which is uneven by chance alone.`,
  );
  story.chart({
    id: 'peak-to-mean',
    title: "The lab's ring gets less even with every replica",
    subtitle: 'load of the busiest replica over the average; 1 is even',
    caption: `Peak-to-mean over N: the lab's own hash functions, ${MIXING} for both, and an even draw for every request.`,
    rows,
    width: 470,
    spec: lines({
      x: { field: 'n', title: 'replicas (N)', values: FLEETS, format: 'd' },
      y: { field: 'peak', title: 'peak-to-mean ratio' },
      series: { field: 'scheme', title: 'balancer', order: ORDER },
    }),
  });
  story.claim(
    `The lab's ring is less even at N = 6 than at N = 2 (${at(labs, 6).toFixed(2)} against ${at(labs, 2).toFixed(2)})`,
    at(labs, 6) > at(labs, 2),
  );
  story.claim(
    "At every N the lab's ring is less even than the ideal",
    FLEETS.every((n) => at(labs, n) > at(ideal, n)),
  );
}

function tellCapacity(story: Story, runs: readonly Run[]): void {
  const rows = runs.map(({ scheme, n, loads }) => ({ scheme, n, capacity: n / peakToMean([...loads]) }));
  const at = (scheme: string, n: number): number =>
    rows.find((row) => row.scheme === scheme && row.n === n)?.capacity ?? NaN;
  story.words(
    `A fleet is full when its busiest replica is. N replicas with a peak-to-mean ratio r carry what N/r evenly loaded ones would: with the lab's ring six replicas do the work of **${at(ORDER[0], 6).toFixed(2)}**, two do that of ${at(ORDER[0], 2).toFixed(2)}. With ${MIXING} six do that of ${at(ORDER[1], 6).toFixed(2)}.`,
  );
  story.chart({
    id: 'capacity',
    title: `Six replicas on the lab's ring do the work of ${at(ORDER[0], 6).toFixed(1)}`,
    subtitle: 'replicas that would carry as much if evenly loaded: N over peak-to-mean',
    caption: 'Effective replicas over N. The dashed line is N, perfect scaling.',
    rows,
    datasets: { theory: FLEETS.map((n) => ({ n, capacity: n })) },
    width: 470,
    spec: lines({
      x: { field: 'n', title: 'replicas (N)', values: FLEETS, format: 'd' },
      y: { field: 'capacity', title: 'effective replicas' },
      series: { field: 'scheme', title: 'balancer', order: ORDER },
      theory: { data: 'theory', field: 'capacity' },
    }),
  });
  story.claim("Six replicas on the lab's ring carry less than two evenly loaded ones", at(ORDER[0], 6) < 2);
}

function tellTheory(story: Story, lab: Lab, runs: readonly Run[]): void {
  const requests = mean([...runs[0].loads]) * runs[0].n;
  const vnodes = runs[0] && lab.run({ requests: 1 }).scenario.vnodes;
  const rows = runs.map(({ scheme, n, loads }) => ({ scheme, n, cv: coefficientOfVariation([...loads]) }));
  const exact = SCHEMES.slice(0, 2).map(({ name, given }) => ({
    name,
    cv: FLEETS.map((n) => coefficientOfVariation(exactShares(lab, { ...given, replicas: n }))),
  }));
  const ideal = rows.filter(({ scheme }) => scheme === ORDER[2]);
  const worst = Math.max(...ideal.map(({ n, cv }) => cv / ballsVariation(n, requests)));
  story.words(
    `A ring whose points were random would have a coefficient of variation of √((N−1)/(NK+1)); with K = ${vnodes} and N = 6 that is ${ringVariation(6, vnodes).toFixed(2)}. An even draw of ${count(requests)} requests has √((N−1)/${count(requests)}), ${ballsVariation(6, requests).toFixed(3)}. The lab's ring is at ${exact[0].cv[4].toFixed(2)} (exact, over all 900,000 ids), far above what chance allows; ${MIXING} is at ${exact[1].cv[4].toFixed(2)}, one ring of those that the formula averages over.`,
  );
  story.chart({
    id: 'variation',
    title: 'Nine virtual servers are few even for a good hash',
    subtitle: 'coefficient of variation of the load over the replicas; 0 is even',
    caption: `Measured counts, and dashed what a ring of random points with K = ${vnodes} has in the root mean square.`,
    rows,
    datasets: { theory: FLEETS.map((n) => ({ n, cv: ringVariation(n, vnodes) })) },
    width: 470,
    spec: lines({
      x: { field: 'n', title: 'replicas (N)', values: FLEETS, format: 'd' },
      y: { field: 'cv', title: 'coefficient of variation' },
      series: { field: 'scheme', title: 'balancer', order: ORDER },
      theory: { data: 'theory', field: 'cv' },
    }),
  });
  story.claim(
    `The even draw stays within 3 times the expected variation of balls in bins (${worst.toFixed(2)} at most)`,
    worst < 3,
  );
  story.claim(
    "The lab's ring varies more than a ring of random points at every N",
    FLEETS.every((n, i) => exact[0].cv[i] > ringVariation(n, vnodes)),
  );
}

function exactShares(lab: Lab, given: Parameters<Lab['ring']>[0] & { replicas: number }): number[] {
  const { requestHash, slots } = lab.run({ ...given, requests: 1 }).scenario;
  return ownerShares(lab.ring(given).owners, slotShares(hashOf(requestHash), slots), given.replicas);
}
