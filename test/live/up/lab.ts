/** The commands of the live half as a program, with the exit codes of the lab's command line. */
import { Command } from 'commander';
import { InputError } from '../../../core/input-error.ts';
import { downCommand, restartCommand, upCommand } from '../../../live/cli.ts';
import { BAD_INPUT } from '../../../live/types.ts';

const program = new Command('lab')
  .addCommand(upCommand())
  .addCommand(downCommand())
  .addCommand(restartCommand());
try {
  await program.parseAsync();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = error instanceof InputError ? BAD_INPUT : 1;
}
