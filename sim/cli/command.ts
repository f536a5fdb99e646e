/** `lab sim`: one run or a sweep, from flags to stdout. */
import { Command } from 'commander';
import { csvFormat } from 'd3-dsv';
import { InputError } from '../../core/input-error.ts';
import type { Behind, Keep } from '../paired.ts';
import { scenariosOf, sweep } from '../sweep.ts';
import { addKnobs, gridOf, sweptKnobs } from './flags.ts';
import type { Given } from './flags.ts';
import { toCsv, toJson } from './machine.ts';
import { narrateRun, narrateSweep } from './narrate.ts';
import { late, withoutEffect } from './no-effect.ts';
import { checkPairs, narratePairs, pairsOf } from './pairs.ts';
import { progressBar } from './progress.ts';

const MORE = `
Lists and ranges sweep over every combination: --replicas 2..6 --server-hash md5,sha1
'lab sweep' runs the same grid on all cores, goes on after it was ended, and repeats with 'lab rerun'.
'lab list' shows the names that --request-hash, --policy and the others take.`;

/** The command. */
export function simCommand(): Command {
  const command = new Command('sim')
    .option('--json', 'print all of every run as JSON')
    .option('--csv', 'print a CSV line a run and replica')
    .option('--paired', 'differences to the first scenario, which met the same random numbers')
    .addHelpText('after', MORE);
  return addKnobs(command).action(async (options: Given & { json?: true; csv?: true; paired?: true }) => {
    const { json, csv, paired, ...given } = options;
    if (json && csv)
      throw new InputError('--json and --csv cannot go together: stdout holds one or the other.');
    const { grid, tables, files } = await gridOf(given);
    const scenarios = scenariosOf(grid, tables);
    if (paired) checkPairs(scenarios);
    say(scenarios.flatMap((one) => withoutEffect(one, tables)));
    const behinds: Behind[] = [];
    const keep: Keep | undefined = paired ? (behind) => void behinds.push(behind) : undefined;
    const bar = progressBar(scenarios.reduce((total, { requests }) => total + requests, 0));
    let results;
    try {
      results = sweep(scenarios, tables, bar.update, keep);
    } finally {
      bar.stop();
    }
    say(results.flatMap(late));
    const pairs = paired ? pairsOf(results, behinds, sweptKnobs(grid)) : [];
    if (paired && json) process.stdout.write(`${JSON.stringify({ differences: pairs }, null, 2)}\n`);
    else if (paired && csv) process.stdout.write(`${csvFormat(pairs)}\n`);
    else if (paired) process.stdout.write(`${narratePairs(pairs)}\n`);
    else if (json) process.stdout.write(toJson(results, files));
    else if (csv) process.stdout.write(toCsv(results, files));
    else if (results.length === 1) process.stdout.write(`${narrateRun(results[0], tables)}\n`);
    else process.stdout.write(`${narrateSweep(results, sweptKnobs(grid))}\n`);
  });
}

/** Each sentence once, on stderr. */
function say(sentences: readonly string[]): void {
  for (const sentence of new Set(sentences)) process.stderr.write(`${sentence}\n`);
}
