/** The whole stack from one process: the supervisor, and the gateways as its children without privileges. */
import { fileURLToPath } from 'node:url';
import { accessTo } from './access.ts';
import type { Access } from './access.ts';
import { gatewayConfig } from './gateway/config.ts';
import type { GatewayConfig } from './gateway/config.ts';
import { gatewayOptions } from './gateway/flags.ts';
import { Gateways } from './gateways.ts';
import type { Estate } from './succession/heir.ts';
import type { Incumbent } from './succession/messages.ts';
import { admit, prepareSocket } from './supervisor/socket.ts';
import type { Supervisor, SupervisorOptions } from './supervisor/supervisor.ts';
import { supervise } from './supervisor/supervisor.ts';
import type { Driver, Log } from './types.ts';
import { unprivilegedUser } from './unprivileged.ts';
import type { User } from './unprivileged.ts';

export interface UpOptions {
  readonly driver: Driver;
  readonly supervisor: SupervisorOptions;
  /** Flags of `live/gateway/main.ts`; `--control` is added. */
  readonly gateway?: readonly string[];
  /** Gateways on the port, 1 unless told: with more of them each sees a part of the requests. */
  readonly gateways?: number;
  /** False keeps the gateway as root where the supervisor is: it may have to write a recording. */
  readonly dropPrivileges?: boolean;
  /** What the process before this one has left to it. */
  readonly estate?: Estate | undefined;
  readonly log: Log;
}

/** A stack that runs. */
export interface Up extends Incumbent {
  /** Of the public port. */
  readonly url: string;
  /** Of metrics, health and knobs. */
  readonly adminUrl: string;
  /** Who may change things, in a clause. */
  readonly access: string;
  readonly supervisor: Supervisor;
  /** Settles when the gateways after the first have had their start; until then they take its time. */
  readonly others: Promise<unknown>;
  /** Starts the gateways again, one after the other, without a request lost. @throws InputError when one cannot start */
  restart(): Promise<void>;
  /** Descriptors of the sockets that listen. */
  readonly sockets: readonly number[];
  /** Resolves when another supervisor has taken the stack by force. */
  readonly dispossessed: Promise<void>;
  /** Closes the port here. */
  release(): Promise<void>;
  /** Leaves the port to another process; resolves when all is finished, and what has no successor is gone. */
  retire(): Promise<void>;
  /** Ends the gateway, then the replicas; nothing is left behind. */
  close(): Promise<void>;
}

/** Resolves when the gateway listens; `supervisor.complete` tells when the replicas serve. @throws InputError */
export async function up({
  driver,
  supervisor: options,
  gateway = [],
  gateways = 1,
  dropPrivileges = true,
  estate,
  log,
}: UpOptions): Promise<Up> {
  const { control } = options;
  prepareSocket(control);
  let supervisor = await supervise(driver, { ...options, succeeds: estate !== undefined }, log);
  let children: Gateways;
  let access: string;
  let user: User | null | undefined;
  let lose: () => void = () => undefined;
  const dispossessed = new Promise<void>((resolve) => (lose = resolve));
  const watch = (): void => {
    void supervisor.dispossessed.then(lose);
    if (user) admit(control, user.gid);
  };
  try {
    user = dropPrivileges ? unprivilegedUser([fileURLToPath(import.meta.url), control]) : undefined;
    watch();
    if (user === null)
      log('warn', 'the gateway keeps its privileges: without them it could not read its files');
    const args = ['--control', control, ...gateway];
    const config = (): GatewayConfig => gatewayConfig(gatewayOptions(args));
    const { listen, admin } = config();
    const accessNow = (): Access => accessTo(config(), `${control}.token`);
    access = accessNow().clause;
    children = new Gateways({
      args,
      listen,
      admin,
      count: gateways,
      user: user ?? undefined,
      token: () => accessNow().token,
      ...estate,
      log,
    });
    await children.start();
  } catch (error) {
    await (estate ? supervisor.letGo() : supervisor.close());
    throw error;
  }
  return {
    url: children.url,
    adminUrl: children.adminUrl,
    access,
    get supervisor() {
      return supervisor;
    },
    others: children.others,
    dispossessed,
    get sockets() {
      return children.sockets;
    },
    restart: () => children.restart(),
    onTurned: (listener) => children.onTurned(listener),
    turn: (turned) => {
      children.turn(turned);
    },
    async letGo() {
      await supervisor.letGo();
      return { turned: children.turned, starts: children.starts };
    },
    async takeBack() {
      if (driver.handOver) supervisor = await supervise(driver, { ...options, succeeds: true }, log);
      else await supervisor.resume();
      watch();
    },
    async retire() {
      await children.retire();
      await supervisor.close();
    },
    release: () => children.release(),
    async close() {
      await children.close();
      await supervisor.close();
    },
  };
}
