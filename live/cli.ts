/** `lab.ts up` and `lab.ts down`: the stack brought up from one process, and taken away again. */
import { availableParallelism } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { Command } from 'commander';
import { downStack } from './down.ts';
import { integer } from '../core/knob.ts';
import { tables } from '../core/tables.ts';
import { gatewayConfig } from './gateway/config.ts';
import { gatewayOptions } from './gateway/flags.ts';
import { logOf } from './log-of.ts';
import { restartStack } from './restart.ts';
import { signalled } from './signal.ts';
import { heir } from './succession/heir.ts';
import type { Heir } from './succession/heir.ts';
import { Line } from './succession/line.ts';
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

/** `lab.ts restart`. */
export function restartCommand(): Command {
  return addSupervisorFlags(new Command('restart')).action(async (_, command: Command) => {
    process.stdout.write(`${await restartStack(configure(command).options.control)}\n`);
  });
}

async function runUp(_: unknown, command: Command): Promise<void> {
  const successor = heir();
  try {
    await bringUp(command, successor);
  } catch (error) {
    successor?.failed(error instanceof Error ? error.message : String(error));
    throw error;
  } finally {
    successor?.leave();
  }
}

async function bringUp(command: Command, successor: Heir | undefined): Promise<void> {
  const { driver, logLevel, options, stack } = configure(command);
  const { seed, gateways = availableParallelism() } = command.opts<{ seed?: number; gateways?: number }>();
  const gateway = [
    '--log-level',
    logLevel,
    ...(seed === undefined ? [] : ['--seed', String(seed)]),
    ...command.args,
  ];
  // bad flags before anything is started
  gatewayConfig(gatewayOptions(['--control', options.control, ...gateway]));
  prepareSocket(options.control);
  const ended = signalled();
  const log = logOf('supervisor', logLevel);
  const estate = successor && (await Promise.race([successor.inherit(), ended, successor.orphaned]));
  if (typeof estate === 'string') return;
  const family: { line?: Line } = {};
  const succeed = (): Promise<number> =>
    successor?.succeed() ?? family.line?.restart() ?? Promise.reject(new Error('it has just begun'));
  const running = await up({ driver, supervisor: { ...options, succeed }, gateway, gateways, estate, log });
  const line = new Line(
    running,
    () => running.sockets,
    log,
    () => void running.release(),
  );
  family.line = line;
  process.on('SIGUSR2', () => {
    if (!line.forward('SIGUSR2')) running.restart().catch(() => undefined); // the log says why
  });
  const lost = running.dispossessed.then(() => 'lost' as const);
  const announced = announce(running, stack);
  const told = successor ? [serveOn(successor, running, announced), successor.orphaned] : [];
  const why = await Promise.race([ended, lost, line.ended, ...told]);
  if (typeof why === 'number') process.exitCode = why;
  if (why !== 'retired') await takeDown(running, line, successor);
  if (why === 'lost') throw new Error(`another supervisor has taken the stack '${stack}'`);
}

/** The successors' replicas go with them; a restart that is under way is no time to count. */
async function takeDown(running: Up, line: Line, successor: Heir | undefined): Promise<void> {
  successor?.ending();
  await running.release();
  await line.close();
  await running.close();
}

/** Serves in the place of another process, once all is there; resolves when another one does in its own. */
async function serveOn(successor: Heir, running: Up, announced: Promise<void>): Promise<'retired'> {
  await announced;
  return new Promise((resolve) => {
    successor.serve({
      letGo: () => running.letGo(),
      takeBack: () => running.takeBack(),
      onTurned: (listener) => running.onTurned(listener),
      turn: (turned) => {
        running.turn(turned);
      },
      retire: () =>
        running.retire().then(() => {
          resolve('retired');
        }),
    });
  });
}

/** One line once everything serves, and the gateway knows. */
async function announce({ access, others, supervisor, url }: Up, stack: string): Promise<void> {
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
