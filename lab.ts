#!/usr/bin/env -S node --import tsx
/** The one command line of the lab, of both worlds. */
import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { InputError } from './core/input-error.ts';
import { addLiveCommands } from './live/commands.ts';
import { liveCommand, reportCommand } from './notebooks/render/command.ts';
import { autopsyCommand } from './sim/cli/autopsy.ts';
import { checkCommand } from './sim/cli/check.ts';
import { compareCommand } from './sim/cli/compare.ts';
import { explainCommand } from './sim/cli/explain.ts';
import { listCommand } from './sim/cli/list.ts';
import { locateCommand } from './sim/cli/locate.ts';
import { previewCommand } from './sim/cli/preview.ts';
import { rerunCommand } from './sim/cli/rerun.ts';
import { vnodesCommand } from './sim/cli/vnodes.ts';
import { simCommand } from './sim/cli/command.ts';
import { sweepCommand } from './sim/cli/sweep/command.ts';
import { workerCommand } from './sim/cli/sweep/queue/command.ts';

const BAD_INPUT = 2;
const { version } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8')) as {
  version: string;
};

const program = new Command('lab')
  .description('evenly: a load-balancing laboratory')
  .version(version)
  .addCommand(simCommand())
  .addCommand(checkCommand())
  .addCommand(sweepCommand())
  .addCommand(workerCommand())
  .addCommand(rerunCommand())
  .addCommand(autopsyCommand())
  .addCommand(compareCommand())
  .addCommand(explainCommand())
  .addCommand(locateCommand())
  .addCommand(previewCommand())
  .addCommand(vnodesCommand())
  .addCommand(listCommand())
  .addCommand(reportCommand())
  .addCommand(liveCommand());
await addLiveCommands(program, process.argv);

for (const command of [program, ...program.commands]) {
  command.exitOverride().showSuggestionAfterError().configureOutput({ outputError: (text, write) => { write(text.replace(/^error: /, '')); } }); // prettier-ignore
}

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(error.code === 'EPIPE' ? 0 : 1); // a reader such as `head` has had enough
});

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = report(error);
}

/** One sentence on stderr; the stack only when DEBUG asks for it. */
function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : BAD_INPUT;
  const bad = error instanceof InputError;
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(`${bad ? message : `Something is wrong with the lab itself: ${message}`}\n`);
  if (process.env.DEBUG && error instanceof Error) process.stderr.write(`${error.stack ?? ''}\n`);
  return bad ? BAD_INPUT : 1;
}
