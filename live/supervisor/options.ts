/** The supervisor's flags, each with its variable EVENLY_…, read once and checked. */
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { Option } from 'commander';
import { InputError } from '../../core/input-error.ts';
import { choice, duration, integer, weights } from '../../core/knob.ts';
import type { Reader } from '../../core/knob.ts';
import { knobs } from '../../core/scenario.ts';
import { tables } from '../../core/tables.ts';
import type { DockerOptions } from '../driver/docker/driver.ts';
import { DEFAULT_STACK, dockerDriver } from '../driver/docker/driver.ts';
import { processDriver } from '../driver/process.ts';
import type { LogLevel } from '../log.ts';
import { logLevel } from '../log.ts';
import type { Driver } from '../types.ts';
import { defaultHealth } from './health.ts';
import type { SupervisorOptions } from './supervisor.ts';

const stackName: Reader<string> = (flag, text) => {
  if (/^[a-z][a-z0-9-]{0,30}$/.test(text)) return text;
  throw new InputError(
    `--${flag} is '${text}', but must be up to 31 lower-case letters, digits and hyphens, a letter first.`,
  );
};
const anything: Reader<string> = (_, text) => text;

/** Name, placeholder, help, reader. A flag that is not given is left to the defaults of what it configures. */
const flags: readonly (readonly [
  name: string,
  value: string,
  help: string,
  read: Reader<string | number>,
])[] = [
  ['driver', 'name', 'docker, or process: child processes, for machines without Docker (docker)', choice('driver', ['docker', 'process'])], // prettier-ignore
  ['stack', 'name', 'sets this stack apart from others on the same engine (evenly)', stackName],
  ['control', 'path', 'the control socket', anything],
  ['replicas', 'n', 'replicas to keep (3)', integer(1, 1000)],
  ['max-replicas', 'n', 'the most that /add may lead to (50)', integer(1, 1000)],
  ['standbys', 'n', 'replicas that wait, paused, to take the place of a dead one (1)', integer(0, 20)],
  ['warm-up', 'n', 'heartbeats that each of them answers before it waits, so that its code is warm (300)', integer(0, 100_000)], // prettier-ignore
  ['standby-after', 'time', 'once one has taken a place, the next is made after so long, when the rest has caught up (3s)', duration], // prettier-ignore
  [
    'drain',
    'time',
    'the longest that a replica which is removed may take to finish its requests (10s)',
    duration,
  ],
  ['weights', 'list', 'weights dealt to the replicas in turn (1)', weights],
  ['server', 'file', "the program of replicas that are child processes (the lab's)", anything],
  ['image', 'name', "the replicas' image (evenly/replica)", anything],
  ['network', 'name', 'a Docker network that exists; unless given, one is made', anything],
  ['dial', 'how', 'reach replicas by ip, by name or by published port (ip)', choice('way', ['ip', 'name', 'published'])], // prettier-ignore
  ['service', 'law', 'service time of the replicas in ms, such as exponential(5) (none)', knobs.service.read],
  ['workers', 'n', 'requests that a replica serves at once (1)', knobs.workers.read],
  ['queue', 'n', 'requests that may wait at a replica (1000)', knobs.queue.read],
  ['seed', 'n', 'makes service times repeatable', knobs.seed.read],
  ['heartbeat', 'time', 'between two heartbeats of a replica (250ms)', duration],
  ['heartbeat-timeout', 'time', 'after which one is missed (500ms)', duration],
  ['misses', 'n', 'heartbeats in a row without a 200 that make a replica dead (2)', integer(1, 100)],
];

/** A replica of the lab takes some 500 us for each of its first 400 requests, and 330 to 465 after 200 heartbeats. */
const WARM_UP = 300;
const QUIET_MS = 3000;

interface Given {
  readonly driver?: 'docker' | 'process';
  readonly stack?: string;
  readonly control?: string;
  readonly replicas?: number;
  readonly maxReplicas?: number;
  readonly standbys?: number;
  readonly warmUp?: number;
  readonly standbyAfter?: number;
  readonly drain?: number;
  readonly weights?: string;
  readonly server?: string;
  readonly image?: string;
  readonly network?: string;
  readonly dial?: DockerOptions['dial'];
  readonly service?: string;
  readonly workers?: number;
  readonly queue?: number;
  readonly seed?: number;
  readonly heartbeat?: number;
  readonly heartbeatTimeout?: number;
  readonly misses?: number;
  readonly logLevel?: LogLevel;
}

/** What a supervisor runs with. */
export interface Configured {
  readonly driver: Driver;
  readonly stack: string;
  readonly options: SupervisorOptions;
  readonly logLevel: LogLevel;
}

/** Gives the command the supervisor's flags. */
export function addSupervisorFlags(command: Command): Command {
  for (const [name, value, help, read] of flags) {
    const option = new Option(`--${name} <${value}>`, help).env(variableOf(name));
    command.addOption(option.argParser((text) => (text === '' ? undefined : read(name, text, tables))));
  }
  const level = new Option('--log-level <level>', 'how much is logged (info)').env(variableOf('log-level'));
  return command.addOption(level.argParser(logLevel));
}

/** From the flags as they were read to the things themselves. */
export function configure(command: Command): Configured {
  const given = command.opts<Given>();
  const { stack = DEFAULT_STACK, weights: dealt = '1' } = given;
  const weight = dealt.split(':').map(Number);
  return {
    stack,
    logLevel: given.logLevel ?? 'info',
    driver: driverOf(given, stack),
    options: {
      ...present({ replicas: given.replicas, maxReplicas: given.maxReplicas, graceMs: given.drain }),
      standbys: given.standbys ?? 1,
      warmUp: given.warmUp ?? WARM_UP,
      quietMs: given.standbyAfter ?? QUIET_MS,
      control: given.control ?? join(tmpdir(), `evenly-${process.getuid?.() ?? 0}`, `${stack}.sock`),
      weightOf: (id) => weight[(id - 1) % weight.length],
      health: {
        intervalMs: given.heartbeat ?? defaultHealth.intervalMs,
        timeoutMs: given.heartbeatTimeout ?? defaultHealth.timeoutMs,
        misses: given.misses ?? defaultHealth.misses,
      },
    },
  };
}

function driverOf(
  { driver = 'docker', server, image, network, dial, ...rest }: Given,
  stack: string,
): Driver {
  const { service, workers, queue, seed } = rest;
  const set = present({ SERVICE: service, WORKERS: workers, QUEUE: queue, SEED: seed });
  const env = Object.fromEntries(Object.entries(set).map(([name, value]) => [name, String(value)]));
  if (driver === 'process') return processDriver({ env, ...present({ server }) });
  if (server !== undefined)
    throw new InputError('--server is for --driver process: containers run an --image.');
  const composeProject = process.env.EVENLY_COMPOSE_PROJECT;
  return dockerDriver({ stack, env, ...present({ image, network, dial, composeProject }) });
}

/** Without what is undefined. */
function present<T extends object>(fields: T): Partial<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Partial<T>;
}

function variableOf(flag: string): string {
  return `EVENLY_${flag.toUpperCase().replaceAll('-', '_')}`;
}
