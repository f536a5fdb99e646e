/** How often intervals hold the truth: M/M/1 over 400 seeds, by load and length of the run. The nominal share is 95%. */
import { scenario } from '../core/scenario.ts';
import { simulate } from '../sim/run.ts';

const SEEDS = 400;
const SERVICE_MS = 5;

/** Counts the seeds whose intervals hold what is known of M/M/1 at a load. */
function coverage(load: number, requests: number): Record<string, string> {
  const meanMs = SERVICE_MS / (1 - load);
  const truth: Record<string, number> = {
    responseMeanMs: meanMs,
    waitMeanMs: meanMs * load,
    inSystem: load / (1 - load),
    responseP50Ms: meanMs * Math.LN2,
    responseP99Ms: meanMs * Math.log(100),
    waitP99Ms: meanMs * Math.log(100 * load),
  };
  const held = Object.fromEntries(Object.keys(truth).map((name) => [name, 0]));
  let width = 0;
  for (let seed = 1; seed <= SEEDS; seed++) {
    const given = { replicas: 1, queue: 1_000_000_000, arrivals: `poisson(${200 * load})`, requests, seed };
    const { measures = {} } = simulate(scenario(given)).summary;
    for (const [name, value] of Object.entries(truth)) {
      const { low, high } = measures[name];
      if ((low ?? Infinity) <= value && value <= (high ?? -Infinity)) held[name]++;
    }
    const { low, high } = measures.responseMeanMs;
    width += ((high ?? NaN) - (low ?? NaN)) / 2 / meanMs / SEEDS;
  }
  const shares = Object.entries(held).map(([name, count]) => [
    name,
    `${((100 * count) / SEEDS).toFixed(1)}%`,
  ]);
  return {
    ...(Object.fromEntries(shares) as Record<string, string>),
    'width of the mean': `±${(100 * width).toFixed(1)}%`,
  };
}

for (const load of [0.5, 0.8, 0.9]) {
  for (const requests of [10_000, 100_000, 1_000_000]) {
    const cells = Object.entries(coverage(load, requests)).map(([name, share]) => `${name} ${share}`);
    process.stdout.write(`load ${load}, ${requests.toLocaleString('en-US')} requests: ${cells.join(', ')}\n`);
  }
}
