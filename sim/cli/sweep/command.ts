/** `lab sweep`: a grid of scenarios and seeds over all cores, or over any number of machines; what is done stays done. */
import { availableParallelism } from 'node:os';
import { Command, Option } from 'commander';
import { InputError } from '../../../core/input-error.ts';
import { duration, integer } from '../../../core/knob.ts';
import { tables } from '../../../core/tables.ts';
import { addKnobs, gridOf } from '../flags.ts';
import type { Given } from '../flags.ts';
import { planOf, shardOf } from './plan.ts';
import { LEASE } from './queue/names.ts';

const LEAST_LEASE_MS = 100;
const MOST_LEASE_MS = 600_000;
const MORE = `
Lists and ranges make the grid, as for 'lab sim': --replicas 2..6 --seed 1..20. The folder gets a file a run, and when all
are there results.csv, results.jsonl and results.parquet. A sweep that was ended goes on when it is asked for again.
On a cluster, give every task of a job array its part and merge the parts:
  lab.ts sweep … --shard $SLURM_ARRAY_TASK_ID/100 --out part-$SLURM_ARRAY_TASK_ID
  lab.ts sweep --merge part-* --out whole
Over a queue: lab.ts sweep … --queue redis://host on one machine, lab.ts worker --queue redis://host on any.`;

interface Options extends Omit<Given, 'queue'> {
  readonly seeds?: string;
  readonly jobs?: string;
  readonly lease: string;
  readonly out?: string;
  readonly shard?: string;
  readonly merge?: string[];
  /** Of the knob or of Redis, as they came. */
  readonly queue?: string[];
}

/** The command. */
export function sweepCommand(): Command {
  const command = new Command('sweep')
    .option('--jobs <integer>', 'processes to run on (default: the cores that this one may use)')
    .option('--out <folder>', 'where results go (default: reports/sweeps/ and the hash of the grid)')
    .option('--shard <i/n>', 'only the i-th of n parts of the grid')
    .option('--merge <folders...>', 'run nothing: bring together the folders of parts')
    .option('--lease <time>', 'silence after which a run on the queue counts as lost', LEASE)
    .addOption(new Option('--seeds <list>', 'the same as --seed').hideHelp())
    .addHelpText('after', MORE);
  return withQueue(addKnobs(command)).action(
    async ({ seeds, jobs, lease, out, shard, merge, queue, ...given }: Options) => {
      const { mergeFolders, runSweep } = await import('./run.ts');
      if (merge) {
        refuse({ shard, queue, jobs, ...given }, '--merge reads its grid from the folders');
        process.exitCode = await mergeFolders(merge, out);
        return;
      }
      const { url, knob } = apart(queue);
      if (url !== undefined) refuse({ jobs }, "--queue with a URL leaves the running to 'lab worker'");
      const asked = { ...given, ...(seeds !== undefined && { seed: seeds }), ...(knob !== undefined && { queue: knob }) }; // prettier-ignore
      const plan = planOf(await gridOf(asked));
      const mine = shard === undefined ? plan.runs : shardOf(plan.runs, shard);
      process.exitCode = await runSweep({
        plan,
        mine,
        jobs: jobsOf(jobs),
        out,
        queue: url,
        leaseMs: leaseOf(lease),
      });
    },
  );
}

/** `--queue` is a knob of a replica and, with a URL, the queue of the runs; a sweep may have both. */
function withQueue(command: Command): Command {
  const option = command.options.find(({ long }) => long === '--queue') as Option;
  option.description += "; or redis://host:6379, a queue that 'lab worker's take the runs from";
  option.argParser((text: string, before?: string[]) => [...(before ?? []), text]);
  return command;
}

function apart(queues: readonly string[] | undefined): Record<'url' | 'knob', string | undefined> {
  const urls = queues?.filter((text) => text.includes('://')) ?? [];
  const lengths = queues?.filter((text) => !text.includes('://')) ?? [];
  if (urls.length <= 1 && lengths.length <= 1) return { url: urls.at(0), knob: lengths.at(0) };
  throw new InputError('--queue may be given once as a length and once as a URL.');
}

/** A number of processes: the cores that this process may use, unless told. */
export function jobsOf(text: string | undefined): number {
  return text === undefined ? availableParallelism() : integer(1, 1024)('jobs', text, tables);
}

/** A lease in ms. */
export function leaseOf(text: string): number {
  const ms = duration('lease', text);
  if (ms >= LEAST_LEASE_MS && ms <= MOST_LEASE_MS) return ms;
  throw new InputError(`--lease is '${text}', but must be from ${LEAST_LEASE_MS} to ${MOST_LEASE_MS} ms.`);
}

function refuse(given: object, why: string): void {
  const [alien] = Object.entries(given).find(([, value]) => value !== undefined) ?? [];
  if (alien === undefined) return;
  const flag = alien.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  throw new InputError(`${why}, so --${flag} cannot go with it.`);
}
