/** The whole stack from one process: the supervisor, and the gateway as its child without privileges. */
import { fileURLToPath } from 'node:url';
import { startGatewayChild } from './gateway-child.ts';
import type { GatewayChild } from './gateway-child.ts';
import { admit, prepareSocket } from './supervisor/socket.ts';
import type { Supervisor, SupervisorOptions } from './supervisor/supervisor.ts';
import { supervise } from './supervisor/supervisor.ts';
import type { Driver, Log } from './types.ts';
import { unprivilegedUser } from './unprivileged.ts';

export interface UpOptions {
  readonly driver: Driver;
  readonly supervisor: SupervisorOptions;
  /** Flags of `live/gateway/main.ts`; `--control` is added. */
  readonly gateway?: readonly string[];
  /** False keeps the gateway as root where the supervisor is: it may have to write a recording. */
  readonly dropPrivileges?: boolean;
  readonly log: Log;
}

/** A stack that runs. */
export interface Up {
  /** Of the public port. */
  readonly url: string;
  /** Of metrics, health and knobs. */
  readonly adminUrl: string;
  readonly supervisor: Supervisor;
  /** Ends the gateway, then the replicas; nothing is left behind. */
  close(): Promise<void>;
}

/** Resolves when the gateway listens; `supervisor.complete` tells when the replicas serve. @throws InputError */
export async function up({
  driver,
  supervisor: options,
  gateway = [],
  dropPrivileges = true,
  log,
}: UpOptions): Promise<Up> {
  const { control } = options;
  prepareSocket(control);
  const supervisor = await supervise(driver, options, log);
  let child: GatewayChild;
  try {
    const user = dropPrivileges ? unprivilegedUser([fileURLToPath(import.meta.url), control]) : undefined;
    if (user) admit(control, user.gid);
    else if (user === null)
      log('warn', 'the gateway keeps its privileges: without them it could not read its files');
    child = await startGatewayChild(['--control', control, ...gateway], user ?? undefined, log);
  } catch (error) {
    await supervisor.close();
    throw error;
  }
  return {
    url: child.url,
    adminUrl: child.adminUrl,
    supervisor,
    async close() {
      await child.close();
      await supervisor.close();
    },
  };
}
