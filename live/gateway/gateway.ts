/** The gateway: one public port before all replicas, which decides with core's balancer and holds no privileges. */
import type { Server } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { stream } from '../../core/random/stream.ts';
import { workloadOf } from '../../core/resolve.ts';
import { permitsOf } from '../access.ts';
import { failure } from '../answer.ts';
import { clock } from '../clock.ts';
import { flushed, logger } from '../log.ts';
import { recorder } from '../replay/recorder.ts';
import { adminServer } from './admin.ts';
import type { ClientRequest } from './client-request.ts';
import { ClientServer } from './client-server.ts';
import { gatewayConfig, inItsPlace, ofItsOwn } from './config.ts';
import type { GatewayConfig, GatewayOptions } from './config.ts';
import { Control } from './control.ts';
import { Deadlines } from './deadlines.ts';
import { Director } from './director.ts';
import { Exchange } from './exchange.ts';
import { Failover } from './failover.ts';
import { failoverOptions } from './failover-options.ts';
import { FleetEndpoints } from './fleet-endpoints.ts';
import { keyOf } from './key.ts';
import { closed, listen } from './listener.ts';
import { Membership } from './membership.ts';
import { Metrics } from './metrics.ts';
import { Parking } from './parking.ts';
import { Peers } from './peers.ts';
import { Standing, defaultStanding } from './standing.ts';
import { turn } from './turn.ts';
import { Upstreams } from './upstreams.ts';
import { observer } from './watch.ts';

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

type Parts = ReturnType<typeof assemble>;

function assemble(config: GatewayConfig) {
  const log = logger('gateway', config.logLevel, config.accessLog);
  const recording =
    config.record === undefined
      ? null
      : recorder(config.record, config.scenario, (error) => {
          log.error({ err: error, file: config.record }, 'recording stopped');
        });
  const director = new Director({ scenario: config.scenario, clock: clock(), record: recording?.record });
  const deadlines = new Deadlines();
  const upstreams = new Upstreams({ ...config, limits: config }, deadlines);
  const standing = new Standing(
    defaultStanding,
    () => performance.now(),
    stream(config.scenario.seed, 'slow start'),
  );
  const limits = { maxEjected: config.maxEjected / 100, panic: config.panic / 100 };
  const parking = new Parking();
  const { weightsById } = config;
  const membership = new Membership({
    ...{ director, upstreams, standing, parking },
    limits,
    log,
    weightsById,
  });
  const control = new Control(config.control, log);
  const metrics = new Metrics();
  metrics.watch(membership, director, parking);
  const failover = new Failover(failoverOptions(config), {
    ...{ director, membership, standing, upstreams, deadlines, headMs: config.headMs },
    witness: {
      ejected: (handle, reason) => {
        metrics.ejected(membership.nameOf(handle), reason);
      },
      exhausted: () => {
        metrics.exhausted();
      },
    },
  });
  const access = config.accessLog ? log : null;
  const forwarding = {
    ...config,
    director,
    membership,
    upstreams,
    upgrades: config.upgrade,
    failover,
    parking,
    keyOf: keyOf(config.key, draws(config)),
    observer: observer({ metrics, membership, control, access }),
  };
  const publicPermits = permitsOf({ ...config, host: config.listen.host });
  const endpoints = new FleetEndpoints(control, membership, log, publicPermits);
  const serve = (request: ClientRequest): void => {
    if (endpoints.serve(request)) return;
    const { maxInFlight } = failover.options;
    if (maxInFlight > 0 && metrics.inFlight >= maxInFlight) {
      metrics.shed('in flight');
      request.send(failure('Too many requests are under way', 503), 'Retry-After: 1\r\n');
      return;
    }
    metrics.inFlight++;
    new Exchange(forwarding, request).begin();
  };
  const refused = (status: number): void => {
    metrics.refused(status);
  };
  const clients = new ClientServer(config, deadlines, { serve, refused });
  metrics.watchClients(() => clients.connections);
  const peers = new Peers(
    config.gatewayCount > 0 ? process : null,
    async ({ kind, changes = {}, weightsById = {} }) => {
      if (kind === 'metrics') return metrics.share();
      turn({ director, failover, membership }, ofItsOwn(changes, config.gatewayIndex));
      membership.reweighById(weightsById);
      return 'turned';
    },
    (share) => {
      metrics.inherit(share);
    },
  );
  const permits = permitsOf({ ...config, host: config.admin.host });
  return {
    ...{ clients, control, deadlines, director, failover, lingerMs: config.lingerMs, log, membership },
    ...{ life: { closing: false }, metrics, permits, peers, recording, upstreams },
  };
}

/** Random ids come from the same stream as the simulator's, so that both worlds see the same ones. */
function draws({ scenario }: GatewayConfig): () => ReturnType<ReturnType<typeof workloadOf>['key']> {
  const { key } = workloadOf(scenario);
  const random = stream(scenario.seed, 'keys');
  return () => key(random);
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
  const { clients, control, deadlines, failover, log, membership, peers, recording, upstreams } = parts;
  clients.warn();
  parts.life.closing = true; // readiness says so from here on, and the admin listener stays until all is answered
  if (parts.lingerMs > 0) await sleep(parts.lingerMs);
  control.close();
  await clients.close(GRACE_MS);
  if (admin.listening) await closed(admin);
  peers.close();
  failover.close();
  membership.close();
  upstreams.closeAll();
  deadlines.close();
  await recording?.close();
  await flushed(log);
}
