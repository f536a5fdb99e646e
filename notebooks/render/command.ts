/** `lab report`: run notebooks, write their pages. */
import { Command } from 'commander';
import { knobs } from '../../core/scenario.ts';
import { tables } from '../../core/tables.ts';

/** The command. */
export function reportCommand(): Command {
  return new Command('report')
    .description('run notebooks and draw their charts')
    .argument('[notebooks...]', 'names, or their beginnings: a1 a3; all unless told')
    .option('--out <folder>', 'where the reports go', 'reports')
    .option('--seed <integer>', 'seed of every random stream', String(knobs.seed.default))
    .action(async (ids: string[], { out, seed }: { out: string; seed: string }) => {
      const checked = knobs.seed.read(knobs.seed.flag, seed, tables);
      // Imported here, since the drawing libraries take longer to load than a simulation does to run.
      const { report } = await import('../cli.ts');
      const { simulated } = await import('../lab.ts');
      process.exitCode = await report(ids, { out, seed: checked, lab: simulated });
    });
}
