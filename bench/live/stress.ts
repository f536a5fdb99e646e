/**
 * A stress of one gateway: rounds of requests to four replicas, each of which answers a request well, late, half, with a failure, with
 * nonsense or never, as a seed has it; while replicas come and go, break down or are ejected. What must hold in any case is said
 * in `stress/judge.ts`; whatever does not is printed, and the exit code is 1 then.
 * `node --import tsx bench/live/stress.ts [--rounds 12] [--requests 400] [--seed 1] [--weather calm]`
 */
import { Command } from 'commander';
import { seedsOf } from '../../core/random/stream.ts';
import { named, wholeNumber } from './refuse.ts';
import { WEATHERS } from './stress/plan.ts';
import { stressed } from './stress/round.ts';

interface Flags {
  readonly rounds: string;
  readonly requests: string;
  readonly seed: string;
  readonly weather?: string;
}

const flags = new Command('stress')
  .option('--rounds <n>', 'how many', '12')
  .option('--requests <n>', 'of a round', '400')
  .option('--seed <n>', 'of all that is asked for', '1')
  .option('--weather <name>', `${WEATHERS.join(', ')}; one after the other unless told`)
  .parse()
  .opts<Flags>();
const weathers = flags.weather === undefined ? WEATHERS : [named('weather', flags.weather, WEATHERS)];
const rounds = wholeNumber('rounds', flags.rounds);
const requests = wholeNumber('requests', flags.requests);
const seed = wholeNumber('seed', flags.seed);

let findings = 0;
const seeds = seedsOf(seed, false);
for (let round = 0; round < rounds; round++) {
  const weather = weathers[round % weathers.length];
  const own = seeds.next().value;
  const outcome = await stressed({ seed: own, requests, weather });
  process.stdout.write(`seed ${own}, ${weather}: ${JSON.stringify(outcome.ends)}\n`);
  for (const line of outcome.findings) process.stdout.write(`  ${line}\n`);
  findings += outcome.findings.length;
}
process.stdout.write(`${rounds * requests} requests, ${findings} findings\n`);
process.exitCode = findings > 0 ? 1 : 0;
