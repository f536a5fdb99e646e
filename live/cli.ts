/** `lab.ts up` and `lab.ts down`: the stack brought up from one process, and taken away again. */
import { availableParallelism } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { Command } from 'commander';
import { downStack } from './down.ts';
import { integer } from '../core/knob.ts';
import { tables } from '../core/tables.ts';
import { gatewayConfig } from './gateway/config.ts';
import { gatewayOptions } from './gateway/flags.ts';
import { provideAccess } from './access.ts';
import { logOf } from './log-of.ts';
import { signalled } from './signal.ts';
import { prepareSocket } from './supervisor/socket.ts';
import { addSupervisorFlags, configure } from './supervisor/options.ts';
import type { Up } from './up.ts';
import type { Snapshot } from './types.ts';
import { up } from './up.ts';

const COMPLETE_MS = 60_000;
const FOLLOW_TRIES = 100;

/** `lab.ts up`. */
export function upCommand(): Command {
  return addSupervisorFlags(new Command('up'))
    .option('--gateways <n>', 'gateways on the port, each a process (one a core)', (text) =>
      integer(1, 256)('gateways', text, tables),
    )
    .allowUnknownOption()
    .allowExcessArguments()
    .addHelpText(
      'after',
      "\nAll other flags are the gateway's: node --import tsx live/gateway/main.ts --help",
    )
    .action(runUp);
}

/** `lab.ts down`. */
export function downCommand(): Command {
  return addSupervisorFlags(new Command('down')).action(async (_, command: Command) => {
    const { driver, options } = configure(command);
    process.stdout.write(`${await downStack(driver, options.control)}\n`);
  });
}

async function runUp(_: unknown, command: Command): Promise<void> {
  const { driver, logLevel, options, stack } = configure(command);
  const { seed, gateways = availableParallelism() } = command.opts<{ seed?: number; gateways?: number }>();
  const gateway = [
    '--log-level',
    logLevel,
    ...(seed === undefined ? [] : ['--seed', String(seed)]),
    ...command.args,
  ];
  // bad flags before anything is started
  const config = gatewayConfig(gatewayOptions(['--control', options.control, ...gateway]));
  prepareSocket(options.control);
  const access = provideAccess(config, `${options.control}.token`);
  const ended = signalled();
  const running = await up({
    driver,
    supervisor: options,
    gateway,
    gateways,
    log: logOf('supervisor', logLevel),
  });
  process.on('SIGUSR2', () => {
    running.restart().catch(() => undefined); // the log says why
  });
  const lost = running.supervisor.dispossessed.then(() => 'lost' as const);
  void announce(running, stack, access);
  const why = await Promise.race([ended, lost]);
  await running.close();
  if (why === 'lost') throw new Error(`another supervisor has taken the stack '${stack}'`);
}

/** One line once everything serves, and the gateway knows. */
async function announce({ others, supervisor, url }: Up, stack: string, access: string): Promise<void> {
  const [complete] = await Promise.all([supervisor.complete(COMPLETE_MS), others]);
  const names = fleetNames(supervisor.snapshot);
  if (complete && names.length > 0) await follows(url);
  const serving = names.length === 0 ? 'no replica yet' : names.join(', ');
  const rest = complete ? '' : ', not all of those wanted';
  process.stdout.write(`${url} forwards to ${serving}${rest} (stack ${stack}), ${access}; Ctrl-C ends it.\n`);
}

/** Asks until the gateway forwards; it hears of all replicas that serve at once. */
async function follows(url: string): Promise<void> {
  for (let tries = 0; tries < FOLLOW_TRIES; tries++) {
    const beat = await fetch(`${url}/heartbeat`).catch(() => null);
    if (beat?.ok) return;
    await sleep(20);
  }
}

function fleetNames({ members }: Snapshot): string[] {
  return members.filter(({ state }) => state === 'ready').map(({ name }) => name);
}
