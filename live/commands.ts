/** The live commands of the lab, each loaded when it is called: what they need takes longer to load than to be told of. */

export const commands = [
  {
    name: 'up',
    summary: 'bring up the balancer and its replicas, until Ctrl-C',
    load: async () => (await import('./cli.ts')).upCommand(),
  },
  {
    name: 'down',
    summary: 'end a stack that runs, or remove what a killed one left',
    load: async () => (await import('./cli.ts')).downCommand(),
  },
  {
    name: 'restart',
    summary: 'have a new process, of the code of now, take a running stack over without a failed request',
    load: async () => (await import('./cli.ts')).restartCommand(),
  },
  {
    name: 'load',
    summary: 'send requests at a rate or from so many clients, and measure from the intended start',
    load: async () => (await import('./load/cli.ts')).loadCommand(),
  },
  {
    name: 'replay',
    summary: 'feed the events of a live run to a fresh balancer: every pick must be the same',
    load: async () => (await import('./replay/cli.ts')).replayCommand(),
  },
] as const;
