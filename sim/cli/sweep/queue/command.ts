/** `lab worker`: makes the runs of sweeps that are on a queue, until it is ended. */
import { Command } from 'commander';
import { listOf } from '../../lists.ts';
import { jobsOf, leaseOf } from '../command.ts';
import { LEASE } from './names.ts';

interface Options {
  readonly queue: string;
  readonly jobs?: string;
  readonly lease: string;
  readonly files: string;
}

/** The command. */
export function workerCommand(): Command {
  return new Command('worker')
    .requiredOption('--queue <url>', 'Redis: redis://host:6379')
    .option('--jobs <integer>', 'processes to run on (default: the cores that this one may use)')
    .option(
      '--lease <time>',
      'silence after which a worker counts as dead, and its runs are given to others',
      LEASE,
    )
    .option(
      '--files <list>',
      'files of hash functions or data that runs may name; others are never loaded',
      '',
    )
    .action(async ({ queue, jobs, lease, files }: Options) => {
      const { work } = await import('./worker.ts');
      const code = await work({
        url: queue,
        jobs: jobsOf(jobs),
        leaseMs: leaseOf(lease),
        files: listOf('files', files),
      });
      process.exit(code); // with Redis away, BullMQ's connections would wait for it for ever
    });
}
