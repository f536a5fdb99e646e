/** A stack for the length of an experiment: brought up, used, and taken away whatever happens. */
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InputError } from '../core/input-error.ts';
import { knobs } from '../core/scenario.ts';
import type { Scenario } from '../core/scenario.ts';
import { dockerDriver } from './driver/docker/driver.ts';
import { engine } from './driver/docker/engine.ts';
import { processDriver } from './driver/process.ts';
import { turnable } from './gateway/turn.ts';
import { logOf } from './log-of.ts';
import { signalled } from './signal.ts';
import { defaultHealth } from './supervisor/health.ts';
import type { Driver, Member } from './types.ts';
import { up } from './up.ts';
import type { Up } from './up.ts';

/** How replicas run: containers, or child processes where there is no Docker. */
export type DriverName = 'docker' | 'process';

/** What to bring up. */
export interface StackOptions {
  readonly driver: DriverName;
  /** Replicas, their service, workers and queue, and the gateway's hashes and policy. */
  readonly scenario: Scenario;
  /** False: replicas answer at once, whatever the scenario's service time. */
  readonly serve?: boolean;
  /** A file for the gateway's decisions. */
  readonly record?: string;
  /** False: the gateway waits for the replica that it picked, however slow the machine, so that counts are those of its picks. */
  readonly retried?: boolean;
}

/** A stack that runs. */
export interface Stack {
  /** Of the public port. */
  readonly url: string;
  readonly up: Up;
  ready(): Member[];
  /** Turns knobs of the gateway while it runs. */
  turn(changes: Partial<Scenario>): Promise<void>;
  /** Does to a replica what an operator's or a kernel's bad day would. */
  harm(name: string, how: Harm): Promise<void>;
}

/** `kill` ends it at once, `pause` leaves it hanging, `remove` takes the container away under it. */
export type Harm = 'kill' | 'pause' | 'remove';

const NAME = 'lab';
const COMPLETE_MS = 60_000;
const INTERRUPTED = 130;

/** Brings a stack up, uses it, and takes it away; Ctrl-C takes it away too. @throws InputError when it cannot be had */
export async function withStack<T>(options: StackOptions, use: (stack: Stack) => Promise<T>): Promise<T> {
  const { scenario, record, retried = true } = options;
  const driver = driverOf(options);
  const running = await up({
    driver,
    supervisor: {
      control: join(tmpdir(), `evenly-${process.getuid?.() ?? 0}`, `${NAME}-${process.pid}.sock`),
      replicas: scenario.replicas,
      health: defaultHealth,
    },
    gateway: [...gatewayFlags(scenario, record), ...(retried ? [] : ['--try-timeout', 'off'])],
    dropPrivileges: record === undefined, // a recording is written where the user says, with the user's rights
    log: logOf('supervisor', 'error'),
  });
  void signalled().then(async () => {
    await running.close();
    process.exit(INTERRUPTED);
  });
  try {
    if (await running.supervisor.complete(COMPLETE_MS)) return await use(stackOf(running, driver));
    throw new InputError(
      `Not all of the ${scenario.replicas} replicas served within ${COMPLETE_MS / 1000} s.`,
    );
  } finally {
    await running.close();
  }
}

function driverOf({ driver, scenario, serve = true }: StackOptions): Driver {
  const { service, workers, queue, seed } = scenario;
  const law = { SERVICE: service, WORKERS: String(workers), QUEUE: String(queue), SEED: String(seed) };
  const env = serve ? law : {};
  return driver === 'docker' ? dockerDriver({ stack: NAME, env }) : processDriver({ env });
}

function gatewayFlags(scenario: Scenario, record: string | undefined): string[] {
  const turned = turnable.flatMap((field) => [`--${knobs[field].flag}`, String(scenario[field])]);
  const recorded = record === undefined ? [] : ['--record', record];
  return [
    '--listen',
    '127.0.0.1:0',
    '--admin',
    '127.0.0.1:0',
    '--log-level',
    'error',
    ...turned,
    ...recorded,
  ];
}

function stackOf(running: Up, driver: Driver): Stack {
  return {
    url: running.url,
    up: running,
    ready: () => running.supervisor.snapshot.members.filter(({ state }) => state === 'ready'),
    async turn(changes) {
      const init = { method: 'PUT', body: JSON.stringify(changes) };
      const reply = await fetch(`${running.adminUrl}/balancer`, init);
      if (!reply.ok) throw new InputError(((await reply.json()) as { error: string }).error);
    },
    async harm(name, how) {
      const unit = (await driver.list()).find((one) => one.name === name);
      if (!unit) throw new InputError(`There is no replica '${name}' to ${how}.`);
      await (driver.kind === 'docker' ? harmContainer : harmProcess)(unit.key, how);
    },
  };
}

async function harmContainer(id: string, how: Harm): Promise<void> {
  const container = engine().getContainer(id);
  if (how === 'remove') await container.remove({ force: true });
  else await container[how]();
}

function harmProcess(pid: string, how: Harm): Promise<void> {
  process.kill(Number(pid), how === 'pause' ? 'SIGSTOP' : 'SIGKILL');
  return Promise.resolve();
}
