/** What a gateway is made of, put together as its configuration says. */
import { stream } from '../../core/random/stream.ts';
import { workloadOf } from '../../core/resolve.ts';
import { permitsOf } from '../access.ts';
import { failure } from '../answer.ts';
import { clock } from '../clock.ts';
import { logger } from '../log.ts';
import { recorder } from '../replay/recorder.ts';
import { clientLimits } from './client-limits.ts';
import type { ClientRequest } from './client-request.ts';
import { ClientServer } from './client-server.ts';
import { ofItsOwn } from './config.ts';
import type { GatewayConfig } from './config.ts';
import { Control } from './control.ts';
import { Deadlines } from './deadlines.ts';
import { Director } from './director.ts';
import { Exchange } from './exchange.ts';
import { Failover } from './failover.ts';
import { failoverOptions } from './failover-options.ts';
import { FleetEndpoints } from './fleet-endpoints.ts';
import { keyOf } from './key.ts';
import { answerHere } from './max-forwards.ts';
import { Membership } from './membership.ts';
import { Metrics } from './metrics.ts';
import { Parking } from './parking.ts';
import { Peers } from './peers.ts';
import { Standing, defaultStanding } from './standing.ts';
import { turn } from './turn.ts';
import { Upstreams, upstreamOptions } from './upstreams.ts';
import { observer } from './watch.ts';

/** What a gateway is made of. */
export type Parts = ReturnType<typeof assemble>;

/** Makes them; nothing listens yet, and no snapshot is in force. */
export function assemble(config: GatewayConfig) {
  const log = logger('gateway', config.logLevel, config.accessLog);
  const recording =
    config.record === undefined
      ? null
      : recorder(config.record, config.scenario, (error) => {
          log.error({ err: error, file: config.record }, 'recording stopped');
        });
  const director = new Director({ scenario: config.scenario, clock: clock(), record: recording?.record });
  const deadlines = new Deadlines();
  const upstreams = new Upstreams(upstreamOptions(config), deadlines);
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
    director,
    membership,
    upstreams,
    upgrades: config.upgrade,
    replicaHeader: config.replicaHeader,
    failover,
    parking,
    keyOf: keyOf(config.key, draws(config)),
    observer: observer({ metrics, membership, control, access }),
  };
  const publicPermits = permitsOf({ ...config, host: config.listen.host });
  const endpoints = new FleetEndpoints(control, membership, log, publicPermits);
  const serve = (request: ClientRequest): void => {
    if (endpoints.serve(request)) return;
    const here = answerHere(request.head);
    if (here !== null) {
      request.send(...here);
      return;
    }
    const { maxInFlight } = failover.options;
    if (maxInFlight > 0 && metrics.inFlight >= maxInFlight) {
      metrics.shed('in flight');
      request.send(failure('Too many requests are under way', 503));
      return;
    }
    metrics.inFlight++;
    new Exchange(forwarding, request).begin();
  };
  const refused = (status: number): void => {
    metrics.refused(status);
  };
  const clients = new ClientServer(clientLimits(config), deadlines, { serve, refused });
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
    ...{ life: { closing: false }, metrics, parking, permits, peers, recording, standing, upstreams },
  };
}

/** Ends them, once no client is left. */
export async function dismantle(parts: Parts): Promise<void> {
  const { deadlines, failover, membership, peers, recording, upstreams } = parts;
  peers.close();
  failover.close();
  membership.close();
  upstreams.closeAll();
  deadlines.close();
  await recording?.close();
}

/** Random ids come from the same stream as the simulator's, so that both worlds see the same ones. */
function draws({ scenario }: GatewayConfig): () => ReturnType<ReturnType<typeof workloadOf>['key']> {
  const { key } = workloadOf(scenario);
  const random = stream(scenario.seed, 'keys');
  return () => key(random);
}
