/** The gateway: one public port before all replicas, which decides with core's balancer and holds no privileges. */
import type { Server } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { flushed } from '../log.ts';
import { adminServer } from './admin.ts';
import { gatewayConfig, inItsPlace } from './config.ts';
import type { GatewayOptions } from './config.ts';
import { closed, listen } from './listener.ts';
import { assemble, dismantle } from './parts.ts';
import type { Parts } from './parts.ts';

/** A gateway that listens. */
export interface Gateway {
  readonly url: string;
  readonly adminUrl: string;
  /** Stops listening, lets requests finish for a moment, and writes the recording out. */
  close(): Promise<void>;
  /** Closes without haste, since another gateway has the port already: every client is told before its connection ends. */
  retire(): Promise<void>;
}

/** For requests under way when it closes. */
const GRACE_MS = 3000;
/** A refusal is better than silence for good. */
const FIRST_SNAPSHOT_MS = 60_000;

/** Starts a gateway. @throws InputError when the configuration is not legal or a port is taken */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const config = inItsPlace(gatewayConfig(options));
  const parts = assemble(config);
  const { control, membership, log } = parts;
  const admin = adminServer(parts);
  try {
    control.follow((snapshot) => {
      membership.apply(snapshot);
    });
    const { adminFd, gatewayIndex, listenFd } = config;
    // Where the port is held, clients wait: they must not find a gateway that knows no replica.
    if (listenFd !== undefined) await membership.reached(0, FIRST_SNAPSHOT_MS);
    const url = await listen(parts.clients.server, config.listen, 'listen', listenFd);
    const adminUrl = gatewayIndex === 0 ? await listen(admin, config.admin, 'admin', adminFd) : '';
    log.info({ url, adminUrl }, 'gateway listens');
    let closing: Promise<void> | undefined;
    const end = (): Promise<void> => (closing ??= close(admin, parts));
    return {
      ...{ url, adminUrl },
      close: end,
      async retire() {
        await retired(admin, parts, config.retireMs);
        parts.peers.leave(await parts.metrics.share());
        await end();
      },
    };
  } catch (error) {
    await close(admin, parts);
    throw error;
  }
}

/** Resolves when all clients have left, or it has taken too long. */
async function retired(admin: Server, { clients, life, log }: Parts, withinMs: number): Promise<void> {
  life.closing = true;
  if (admin.listening) void closed(admin);
  const giveUp = new AbortController();
  const late = sleep(withinMs, undefined, { signal: giveUp.signal }).catch(() => undefined);
  await Promise.race([clients.retire(), ...(withinMs > 0 ? [late] : [])]);
  giveUp.abort();
  log.info({ connections: clients.connections }, 'gateway retires');
}

async function close(admin: Server, parts: Parts): Promise<void> {
  const { clients, control, log } = parts;
  clients.warn();
  parts.life.closing = true; // readiness says so from here on, and the admin listener stays until all is answered
  if (parts.lingerMs > 0) await sleep(parts.lingerMs);
  control.close();
  await clients.close(GRACE_MS);
  if (admin.listening) await closed(admin);
  await dismantle(parts);
  await flushed(log);
}
