#!/usr/bin/env -S node --import tsx
/** The one command line of the lab, of both worlds. */
import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { InputError } from './core/input-error.ts';
import { commands as live } from './live/commands.ts';
import { commands as notebooks } from './notebooks/render/commands.ts';
import { commands as sim } from './sim/cli/commands.ts';

const BAD_INPUT = 2;
const { version } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8')) as {
  version: string;
};

const program = new Command('lab').description('evenly: a load-balancing laboratory').version(version);
const asked = process.argv[process.argv[2] === 'help' ? 3 : 2];
for (const { name, summary, load } of [...sim, ...notebooks, ...live]) {
  program.addCommand((name === asked ? await load() : new Command(name)).description(summary));
}

for (const command of [program, ...program.commands]) {
  command.exitOverride().showSuggestionAfterError().configureOutput({ outputError: (text, write) => { write(text.replace(/^error: /, '').replace('\n(', ' (')); } }); // prettier-ignore
}

process.stdout.on('error', ({ code }: NodeJS.ErrnoException) => {
  if (code === 'EPIPE') process.exit(0); // a reader such as `head` has had enough
  process.stderr.write(`What this prints cannot be written to stdout (${code}).\n`);
  process.exit(1);
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
