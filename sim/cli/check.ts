/** `lab check`: the simulator against queueing theory, as a table. */
import { Command } from 'commander';
import { InputError, unknownName } from '../../core/input-error.ts';
import { seedsOf } from '../../core/random/stream.ts';
import { cases, check, verdictOf } from '../check/check.ts';
import type { Row, Verdict } from '../check/check.ts';
import type { Case, Trials } from '../check/case.ts';
import { progressBar } from './progress.ts';
import { colours, columns, count, percent, precise } from './terminal.ts';

const REQUESTS = 1_000_000;
const QUICK = 60_000;

interface Flags {
  readonly only?: string;
  readonly quick?: true;
  readonly requests?: string;
  readonly seed: string;
  readonly json?: true;
}

/** The command; it fails with 1 where chance does not explain what is outside. */
export function checkCommand(): Command {
  return new Command('check')
    .option('--only <text>', 'the cases whose name contains this')
    .option('--quick', `${count(QUICK)} requests a case: seconds, and wider intervals`)
    .option('--requests <n>', `requests a case (default: ${count(REQUESTS)})`)
    .option('--seed <n>', 'seed of every case', '42')
    .option('--json', 'print all numbers as JSON')
    .action((flags: Flags) => {
      const chosen = cases.filter(({ name }) =>
        name.toLowerCase().includes((flags.only ?? '').toLowerCase()),
      );
      if (chosen.length === 0)
        throw unknownName(
          'case',
          flags.only ?? '',
          cases.map(({ name }) => name),
        );
      const rows = run(chosen, requestsOf(flags), integerOf('seed', flags.seed));
      const verdict = verdictOf(rows);
      if (flags.json) process.stdout.write(`${JSON.stringify({ verdict, rows }, null, 2)}\n`);
      else process.stdout.write(`${tableOf(rows)}\n\n${sentence(verdict)}\n`);
      if (!verdict.ok) process.exitCode = 1;
    });
}

function requestsOf({ quick, requests }: Flags): number {
  if (requests !== undefined) return integerOf('requests', requests);
  return quick ? QUICK : REQUESTS;
}

function integerOf(flag: string, text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new InputError(`--${flag} is '${text}', but must be an integer from 0 to 999999999.`);
}

function run(chosen: readonly (Case | Trials)[], requests: number, seed: number): Row[] {
  const bar = progressBar(chosen.length);
  const seeds = seedsOf(seed, false); // one each: common random numbers would err all to one side
  try {
    return chosen.flatMap((one, i) => {
      bar.update(i);
      return check(one, requests, seeds.next().value);
    });
  } finally {
    bar.stop();
  }
}

function tableOf(rows: readonly Row[]): string {
  const head = ['case', 'number', 'expected', 'simulated', 'from', 'to', 'z', 'verdict'];
  const cells = rows.map(({ name, what, expected, simulated, low, high, z, verdict }, i) => [
    name === rows[i - 1]?.name ? '' : name,
    what,
    precise(expected),
    precise(simulated),
    precise(low),
    precise(high),
    z === null ? '–' : z.toFixed(1),
    verdict === 'inside' ? verdict : colours.red(verdict),
  ]);
  return columns(
    head.map((text) => colours.bold(text)),
    cells,
    2,
  );
}

function sentence({ confidence, numbers, outside, chance, ok }: Verdict): string {
  const level = percent(confidence);
  const missed = `${count(numbers - outside)} of ${count(numbers)} numbers are inside their ${level} intervals`;
  return ok
    ? `${missed}; as many or more outside come by chance ${percent(chance)} of the time. The simulator holds.`
    : `${missed}; chance (${percent(chance)}) does not explain that, or one is more than 4 standard errors off. ${colours.red('Something is wrong.')}`;
}
