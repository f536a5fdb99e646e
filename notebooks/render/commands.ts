/** The commands that run notebooks, each loaded when it is called. */

export const commands = [
  {
    name: 'report',
    summary: 'run notebooks and draw their charts',
    load: async () => (await import('./command.ts')).reportCommand(),
  },
  {
    name: 'live',
    summary: 'run the experiments on real replicas, beside the simulator',
    load: async () => (await import('./command.ts')).liveCommand(),
  },
] as const;
