/** `lab report` and `lab live`: run notebooks on the simulator, or on real replicas, and write their pages. */
import { Command } from 'commander';
import { choice, integer } from '../../core/knob.ts';
import { knobs } from '../../core/scenario.ts';
import { tables } from '../../core/tables.ts';

interface Flags {
  readonly out: string;
  readonly seed: string;
}

interface LiveFlags extends Flags {
  readonly driver: string;
  readonly requests: string;
}

function notebookCommand(name: string): Command {
  return new Command(name)
    .argument('[notebooks...]', 'names, or their beginnings: a1 a3; all unless told')
    .option('--out <folder>', 'where the reports go', 'reports')
    .option('--seed <integer>', 'seed of every random stream', String(knobs.seed.default));
}

function readSeed(text: string): number {
  return knobs.seed.read(knobs.seed.flag, text, tables);
}

/** `lab report`. The drawing libraries load in its action, since they take longer than a simulation does to run. */
export function reportCommand(): Command {
  return notebookCommand('report').action(async (ids: string[], { out, seed }: Flags) => {
    const checked = readSeed(seed);
    const { report } = await import('../cli.ts');
    const { simulated } = await import('../lab.ts');
    process.exitCode = await report(ids, { out, seed: checked, lab: simulated });
  });
}

/** `lab live`. */
export function liveCommand(): Command {
  return notebookCommand('live')
    .option('--driver <name>', 'docker, or process: child processes, for machines without Docker', 'docker')
    .option('--requests <n>', 'requests of each measurement (LAB 4)', '10000')
    .action(async (ids: string[], { out, seed, driver, requests }: LiveFlags) => {
      const checked = readSeed(seed);
      const how = choice('driver', ['docker', 'process'])('driver', driver, tables) as 'docker' | 'process';
      const each = integer(50, 1_000_000)('requests', requests, tables);
      const { report } = await import('../cli.ts');
      const { liveLab, liveNotebooks } = await import('../live-lab.ts');
      const named = ids.map((id) => (id.startsWith('live-') ? id : `live-${id}`));
      const lab = (): unknown => liveLab(checked, how, each);
      process.exitCode = await report(named, { out, seed: checked, lab, from: liveNotebooks });
    });
}
