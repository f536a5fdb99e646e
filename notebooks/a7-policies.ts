/** every policy at one workload: what it costs to know little, when replicas are alike and when one is slow. */
import { asksPlacement } from '../core/policy/by-key.ts';
import { tables } from '../core/tables.ts';
import type { Scenario } from '../core/scenario.ts';
import { mean } from '../core/stats/fairness.ts';
import { lines } from './charts/lines.ts';
import { experiment } from './lab.ts';
import type { Lab } from './lab.ts';
import { heatMap } from './render/heat-map.ts';
import type { Story } from './story.ts';
import { count, list, percent } from './wording.ts';

const N = 6;
const SERVICE_MS = 5;
const REQUESTS = 4_000;
const RUNS = 4;
const LOADS = [0.5, 0.6, 0.7, 0.8, 0.9];
/** The load at which policies are put in order and factors compared. */
const TYPICAL = 0.8;
/** Drawn as lines; the rest are in the map. */
const DRAWN = ['random', 'round-robin', 'power-of-d', 'join-idle-queue', 'least-request', 'least-work-left'];
/** Numbers for those whose own would not show in runs of seconds. */
const SPECS: Readonly<Record<string, string>> = {
  'peak-ewma': 'peak-ewma(1000)',
  ewma: 'ewma(1000)',
  subsetting: 'subsetting(3)',
};
/** Two balancers, so that their parts of three make all six. */
const WITH: Readonly<Record<string, Partial<Scenario>>> = { subsetting: { balancers: 2 } };
/** Policies that the placement decides first; their own section is the third. */
const PLACING = tables.policies.entries.filter(asksPlacement).map(({ name }) => name);
/** Without those, and without weighted random, which is random where weights are equal. */
const POLICIES = tables.policies.entries
  .map(({ name }) => name)
  .filter((name) => !PLACING.includes(name) && name !== 'weighted-random');
const FACTORS = [1.1, 1.25, 1.5, 2, 3];

const meta = {
  title: 'A-7: policies side by side',
  question: 'What does each policy make of the same requests, and what does it have to know for that?',
};

interface Found {
  readonly policy: string;
  readonly load: number;
  readonly p50: number;
  readonly p99: number;
}

export default experiment(meta, (story, lab) => {
  tellAlike(story, lab);
  story.words('## One replica is slow');
  tellSlow(story, lab);
  story.words('## A key has a home, until it is full');
  tellBounded(story, lab);
});

/** Requests a second that are this much of what a fleet of that total speed can serve. */
const rateOf = (load: number, speed = N): number => (load * speed * 1000) / SERVICE_MS;

function runOf(lab: Lab, policy: string, load: number, given: Partial<Scenario> = {}, speed = N): Found {
  const times = Array.from({ length: RUNS }, (_, run) => {
    const { summary } = lab.run({
      seed: lab.seed + run,
      replicas: N,
      policy: SPECS[policy] ?? policy,
      service: `exponential(${SERVICE_MS})`,
      arrivals: `poisson(${rateOf(load, speed)})`,
      requests: REQUESTS,
      queue: 1_000_000,
      ...WITH[policy],
      ...given,
    });
    return summary.responseMs;
  });
  const over = (field: 'p50' | 'p99'): number => mean(times.map((time) => time[field] ?? NaN));
  return { policy, load, p50: over('p50'), p99: over('p99') };
}

/** Policies by their tail at a load, the best first. */
function ranked(found: readonly Found[], load: number): string[] {
  return found
    .filter((row) => row.load === load)
    .sort((a, b) => a.p99 - b.p99)
    .map(({ policy }) => policy);
}

const p99Of = (found: readonly Found[], policy: string, load: number): number =>
  found.find((row) => row.policy === policy && row.load === load)?.p99 ?? NaN;

function tellAlike(story: Story, lab: Lab): void {
  const found = POLICIES.flatMap((policy) => LOADS.map((load) => runOf(lab, policy, load)));
  const order = ranked(found, TYPICAL);
  const rows = order.flatMap((policy) =>
    found.filter((row) => row.policy === policy).map((row) => ({ ...row, offered: percent(row.load, 0) })),
  );
  story.words(
    `${N} replicas alike, exponential service of ${SERVICE_MS} ms, Poisson arrivals, ${RUNS} runs of ${count(REQUESTS)} requests, their quantiles averaged. Every policy meets the very same requests (common random numbers), so that the rows differ by policy alone. Subsetting stands for two balancers, which have three replicas each; the moving averages fade in a second.\n\nRandom is six separate queues: a response time is exponential with mean ${SERVICE_MS} ms / (1 - ρ), and its 99th percentile is ln 100 times that (dashed). Least work left is one queue before six servers, as far as any policy can get that may not let requests wait in the balancer. Between the two lies what a policy knows.`,
  );
  const theory = LOADS.map((load) => ({ load, p99: (SERVICE_MS / (1 - load)) * Math.log(100) }));
  story.chart({
    id: 'load',
    title: 'A little knowledge takes most of the tail away',
    subtitle: `99th percentile of the response time (ms) over offered load, ${N} replicas`,
    caption: 'Dashed: six M/M/1 queues.',
    rows: found.filter(({ policy }) => DRAWN.includes(policy)).map((row) => ({ ...row })),
    datasets: { theory },
    width: 560,
    height: 320,
    spec: lines({
      x: { field: 'load', title: 'offered load (ρ)', format: '.0%', values: LOADS },
      y: { field: 'p99', title: 'p99 (ms)', log: true },
      series: { field: 'policy', title: 'policy', order: DRAWN },
      theory: { data: 'theory', field: 'p99' },
    }),
  });
  story.chart({
    id: 'policies',
    title: 'All policies, the quickest first',
    subtitle: `99th percentile of the response time (ms); ${N} replicas alike, in order of ${percent(TYPICAL, 0)} load`,
    caption: 'Light is quick; the colour ends at 100 ms.',
    rows,
    width: LOADS.length * 74,
    height: POLICIES.length * 30,
    spec: heatMap({
      x: { field: 'offered', title: 'offered load (ρ)' },
      y: { field: 'policy', title: 'policy' },
      value: { field: 'p99', title: 'p99 (ms)', format: '.3~r' },
      domain: [0, 100],
    }),
  });
  const [random, two, least] = ['random', 'power-of-d', 'least-work-left'].map((policy) => p99Of(found, policy, TYPICAL)); // prettier-ignore
  const calm = found.find(({ policy, load }) => policy === 'random' && load === 0.6)?.p50 ?? NaN;
  const expected = (SERVICE_MS / 0.4) * Math.LN2;
  story.claim(
    `Random keeps to its theory: a median of ${calm.toFixed(1)} ms at 60% against ${expected.toFixed(1)} ms`,
    Math.abs(calm / expected - 1) < 0.15,
  );
  story.claim(`Two choices halve random's p99 at ${percent(TYPICAL, 0)} (${two.toFixed(0)} ms)`, two < random / 2); // prettier-ignore
  story.claim(
    `Nothing beats knowing the work (${least.toFixed(0)} ms at ${percent(TYPICAL, 0)})`,
    order[0] === 'least-work-left',
  );
}

function tellSlow(story: Story, lab: Lab): void {
  const slow = 0.1;
  const speed = N - 1 + slow;
  const load = 0.5;
  const found = POLICIES.map((policy) =>
    runOf(lab, policy, load, { speeds: `${'1:'.repeat(N - 1)}${slow}` }, speed),
  );
  const order = ranked(found, load);
  const rows = order.flatMap((policy) =>
    found
      .filter((row) => row.policy === policy)
      .flatMap(({ p50, p99 }) => [
        { policy, quantile: 'p50', ms: p50 },
        { policy, quantile: 'p99', ms: p99 },
      ]),
  );
  const blind = ['random', 'round-robin'];
  story.words(
    `S${N} now serves at a tenth of the others' speed, and nobody is told: the weights stay equal. The load is ${percent(load, 0)} of what they can serve together. ${list(blind)} send it a sixth of the requests all the same, more than it can serve, and its queue grows for as long as the run lasts. Requests in flight betray it after a while; response times betray it at once.`,
  );
  story.chart({
    id: 'slow-replica',
    title: 'Who notices that one replica is slow',
    subtitle: `response time (ms) at ${percent(load, 0)} load, one of ${N} replicas at a tenth of the speed`,
    caption: 'The best tail first. The axis is logarithmic.',
    rows,
    width: 560,
    height: order.length * 26,
    spec: {
      encoding: { y: { field: 'policy', type: 'nominal', sort: null, title: null } },
      layer: [
        {
          mark: { type: 'rule', strokeWidth: 2 },
          transform: [{ pivot: 'quantile', value: 'ms', groupby: ['policy'] }],
          encoding: {
            x: { field: 'p50', type: 'quantitative', scale: { type: 'log' } },
            x2: { field: 'p99' },
          },
        },
        {
          mark: { type: 'point', size: 80 },
          encoding: {
            x: {
              field: 'ms',
              type: 'quantitative',
              title: 'response time (ms)',
              axis: { grid: true, values: [1, 10, 100, 1000, 10_000], format: ',' },
            },
            color: { field: 'quantile', type: 'nominal', title: null, scale: { domain: ['p50', 'p99'] } },
          },
        },
      ],
    },
  });
  const p99 = (policy: string): number => p99Of(found, policy, load);
  story.claim(
    `Peak EWMA's p99 is below that of two choices by requests in flight alone (${p99('peak-ewma').toFixed(0)} ms against ${p99('power-of-d').toFixed(0)} ms)`,
    p99('peak-ewma') < p99('power-of-d'),
  );
  story.claim(
    `Prequal's p99 is less than a tenth of random's (${p99('prequal').toFixed(0)} ms against ${count(Math.round(p99('random')))} ms)`,
    p99('prequal') < p99('random') / 10,
  );
}

function tellBounded(story: Story, lab: Lab): void {
  const given = { placement: 'maglev', requestHash: 'murmur3', serverHash: 'xxhash32', keys: 'zipf(1.1)' };
  const rules = PLACING.filter((name) => name !== 'by-key');
  const plain = runOf(lab, 'by-key', TYPICAL, given);
  const rows = rules.flatMap((rule) =>
    FACTORS.map((factor) => ({ rule, factor, p99: runOf(lab, `${rule}(${factor})`, TYPICAL, given).p99 })),
  );
  story.words(
    `Zipf keys (s = 1.1) over Maglev's even table at ${percent(TYPICAL, 0)}: the most popular key alone overloads its replica, and by-key ends with a p99 of ${count(Math.round(plain.p99))} ms. Bounded loads let nobody have more than *factor* times the mean in flight; the next replica in the key's order takes what is over. A small factor balances better, a large one keeps keys at home.`,
  );
  story.chart({
    id: 'bounded-load',
    title: 'A bound turns a hot key from a failure into a detour',
    subtitle: `99th percentile of the response time (ms) at ${percent(TYPICAL, 0)} load by the factor of the bound`,
    caption: "The paper's rule, HAProxy's and Envoy's. Envoy lets a host have one request more.",
    rows,
    width: 560,
    height: 300,
    spec: lines({
      x: { field: 'factor', title: 'factor of the bound', values: FACTORS, format: '.3~r' },
      y: { field: 'p99', title: 'p99 (ms)' },
      series: { field: 'rule', title: 'rule', order: rules },
    }),
  });
  const usual = rows.filter(({ factor }) => factor === 1.25);
  story.claim(
    `With 1.25 every rule's p99 is less than a tenth of by-key's (${usual.map(({ p99 }) => p99.toFixed(0)).join(', ')} against ${count(Math.round(plain.p99))} ms)`,
    usual.every(({ p99 }) => p99 < plain.p99 / 10),
  );
}
