/** The commands of the simulator and of core, each loaded when it is called: one needs a part of what all do. */

export const commands = [
  {
    name: 'sim',
    summary: 'simulate a balancer: what if?',
    load: async () => (await import('./command.ts')).simCommand(),
  },
  {
    name: 'check',
    summary: 'hold the simulator against queueing theory: expected, simulated, interval, verdict',
    load: async () => (await import('./check.ts')).checkCommand(),
  },
  {
    name: 'sweep',
    summary: 'run a grid of scenarios and seeds over all cores or many machines, resumably',
    load: async () => (await import('./sweep/command.ts')).sweepCommand(),
  },
  {
    name: 'worker',
    summary: "make the runs that 'lab sweep --queue' hands out",
    load: async () => (await import('./sweep/queue/command.ts')).workerCommand(),
  },
  {
    name: 'rerun',
    summary: 'repeat recorded results and compare them byte for byte',
    load: async () => (await import('./rerun.ts')).rerunCommand(),
  },
  {
    name: 'autopsy',
    summary: 'say why a load is uneven, and what would fix it',
    load: async () => (await import('./autopsy.ts')).autopsyCommand(),
  },
  {
    name: 'compare',
    summary: 'compare placements by balance, moves, time and memory',
    load: async () => (await import('./compare.ts')).compareCommand(),
  },
  {
    name: 'explain',
    summary: 'say why a key goes where it goes',
    load: async () => (await import('./explain.ts')).explainCommand(),
  },
  {
    name: 'locate',
    summary: "print each key's server, as nginx, HAProxy, Envoy or a memcached client chooses it",
    load: async () => (await import('./locate.ts')).locateCommand(),
  },
  {
    name: 'preview',
    summary: 'say which keys move, and whose load changes, before a balancer is changed',
    load: async () => (await import('./preview.ts')).previewCommand(),
  },
  {
    name: 'vnodes',
    summary: 'say how many virtual nodes a ring needs to overload no replica (exact)',
    load: async () => (await import('./vnodes.ts')).vnodesCommand(),
  },
  {
    name: 'list',
    summary: 'list the hash functions, placements, policies and distributions',
    load: async () => (await import('./list.ts')).listCommand(),
  },
] as const;
