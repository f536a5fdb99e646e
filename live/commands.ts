/** The live commands of the lab. What they need is loaded when one of them is called: a simulation starts without it. */
import type { Command } from 'commander';

interface Lazy {
  readonly names: Readonly<Record<string, string>>;
  readonly add: (program: Command) => Promise<void>;
}

const commands: readonly Lazy[] = [
  {
    names: {
      up: 'bring up the balancer and its replicas, until Ctrl-C',
      down: 'end a stack that runs, or remove what a killed one left',
    },
    add: async (program) => {
      (await import('./cli.ts')).liveCommands(program);
    },
  },
  {
    names: { load: 'put a load on an HTTP server and measure it' },
    add: async (program) => {
      (await import('./load/cli.ts')).loadCommand(program);
    },
  },
  {
    names: { replay: 'feed a recording to a fresh balancer: every pick must be the same' },
    add: async (program) => {
      (await import('./replay/cli.ts')).replayCommand(program);
    },
  },
];

/** Adds the commands: whole if the command line asks for one, else by name and description only. */
export async function addLiveCommands(program: Command, argv: readonly string[]): Promise<void> {
  const asked = argv[2] === 'help' ? argv[3] : argv[2];
  for (const { names, add } of commands) {
    if (Object.hasOwn(names, asked)) await add(program);
    else
      for (const [name, description] of Object.entries(names)) program.command(name).description(description);
  }
}
