/** How often intervals hold the truth, by model and length of the run, how many runs have one, and half of its width. The nominal share is 95%. */
import { scenario } from '../core/scenario.ts';
import type { Scenario } from '../core/scenario.ts';
import { median } from '../core/stats/timing.ts';
import { simulate } from '../sim/run.ts';

const SEEDS = Number(process.argv[2] ?? 400);
const SERVICE_MS = 5;

/** A model, and what theory says of its measures. */
interface Model {
  readonly name: string;
  readonly given: Partial<Scenario>;
  readonly truth: Readonly<Record<string, number>>;
}

const poisson = (load: number): string => `poisson(${200 * load})`;

function mm1(load: number): Model {
  const meanMs = SERVICE_MS / (1 - load);
  return {
    name: `M/M/1 at ${load}`,
    given: { arrivals: poisson(load) },
    truth: {
      responseMeanMs: meanMs,
      waitMeanMs: meanMs * load,
      inSystem: load / (1 - load),
      responseP50Ms: meanMs * Math.LN2,
      responseP99Ms: meanMs * Math.log(100),
      waitP99Ms: meanMs * Math.log(100 * load),
    },
  };
}

/** Pollaczek and Khinchin, for a hyperexponential service with a coefficient of variation of 2. */
function mh1(load: number): Model {
  const waitMeanMs = (load * 5 * SERVICE_MS) / 2 / (1 - load);
  const service = `hyperexponential(${SERVICE_MS},2)`;
  return {
    name: `M/H2/1 at ${load}`,
    given: { arrivals: poisson(load), service },
    truth: { waitMeanMs, responseMeanMs: waitMeanMs + SERVICE_MS },
  };
}

function shared(load: number): Model {
  const responseMeanMs = SERVICE_MS / (1 - load);
  return {
    name: `M/M/1-PS at ${load}`,
    given: { arrivals: poisson(load), discipline: 'ps' },
    truth: { responseMeanMs },
  };
}

/** Seeds with an interval, and those whose interval holds the truth. */
function coverage({ given, truth }: Model, requests: number): string[] {
  const tally = Object.keys(truth).map((name) => ({ name, held: 0, widths: new Array<number>() }));
  for (let seed = 1; seed <= SEEDS; seed++) {
    const one = scenario({ replicas: 1, queue: 1_000_000_000, ...given, requests, seed });
    const { measures = {} } = simulate(one).summary;
    for (const row of tally) {
      const { low, high } = measures[row.name];
      if (low === null || high === null) continue;
      row.widths.push((high - low) / 2 / truth[row.name]);
      if (low <= truth[row.name] && truth[row.name] <= high) row.held++;
    }
  }
  return tally.map(({ name, held, widths }) => {
    const told = widths.length;
    if (told === 0) return `${name} no interval`;
    const of = told === SEEDS ? '' : ` of ${told}`;
    return `${name} ${((100 * held) / told).toFixed(1)}%${of} (±${(100 * median(widths)).toFixed(1)}%)`;
  });
}

const models = [...[0.5, 0.8, 0.9, 0.95].map(mm1), mh1(0.8), shared(0.9)];
for (const model of models) {
  for (const requests of [10_000, 100_000, 1_000_000]) {
    const cells = coverage(model, requests).join(', ');
    process.stdout.write(`${model.name}, ${requests.toLocaleString('en-US')} requests: ${cells}\n`);
  }
}
