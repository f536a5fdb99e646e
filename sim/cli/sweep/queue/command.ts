/** `lab worker`: makes the runs of sweeps that are on a queue, until it is ended. */
import { Command } from 'commander';
import { withFiles } from '../../flags.ts';
import { listOf } from '../../lists.ts';
import { jobsOf, leaseOf } from '../command.ts';
import { LEASE } from './names.ts';

interface Options {
  readonly queue: string;
  readonly jobs?: string;
  readonly lease: string;
  readonly hash?: string;
}

/** The command. */
export function workerCommand(): Command {
  return new Command('worker')
    .description("make the runs that 'lab sweep --queue' hands out")
    .requiredOption('--queue <url>', 'Redis: redis://host:6379')
    .option('--jobs <integer>', 'processes to run on (default: the cores that this one may use)')
    .option(
      '--lease <time>',
      'silence after which a worker counts as dead, and its runs are given to others',
      LEASE,
    )
    .option('--hash <files>', 'files with hash functions that runs may name; others are never loaded')
    .action(async ({ queue, jobs, lease, hash }: Options) => {
      const own = await withFiles(hash === undefined ? {} : { requestHash: listOf('hash', hash) });
      const { work } = await import('./worker.ts');
      const code = await work({ url: queue, jobs: jobsOf(jobs), leaseMs: leaseOf(lease), own });
      process.exit(code); // with Redis away, BullMQ's connections would wait for it for ever
    });
}
