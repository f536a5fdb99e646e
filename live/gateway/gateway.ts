/** The gateway: one public port before all replicas, which decides with core's balancer and holds no privileges. */
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { stream } from '../../core/random/stream.ts';
import { workloadOf } from '../../core/resolve.ts';
import { failure } from '../answer.ts';
import { clock } from '../clock.ts';
import { flushed, logger } from '../log.ts';
import { recorder } from '../replay/recorder.ts';
import { adminServer } from './admin.ts';
import { gatewayConfig } from './config.ts';
import type { GatewayConfig, GatewayOptions } from './config.ts';
import { Control } from './control.ts';
import { Director } from './director.ts';
import { Exchange } from './exchange.ts';
import { FleetEndpoints } from './fleet-endpoints.ts';
import { keyOf, pathOf } from './key.ts';
import { closed, listen } from './listener.ts';
import { Membership } from './membership.ts';
import { Metrics } from './metrics.ts';
import { sendAnswer } from './send-answer.ts';
import { Upstreams } from './upstreams.ts';
import { observer } from './watch.ts';

/** A gateway that listens. */
export interface Gateway {
  readonly url: string;
  readonly adminUrl: string;
  /** Stops listening, lets requests finish for a moment, and writes the recording out. */
  close(): Promise<void>;
}

/** A client may take its time with a body, but not with a head. */
const limits = {
  keepAliveTimeout: 65_000,
  headersTimeout: 10_000,
  requestTimeout: 0,
  connectionsCheckingInterval: 2000,
};
/** For requests under way when it closes. */
const GRACE_MS = 3000;

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** Starts a gateway. @throws InputError when the configuration is not legal or a port is taken */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const config = gatewayConfig(options);
  const parts = assemble(config);
  const { control, membership, log } = parts;
  const server = createServer(limits, parts.handle);
  const admin = adminServer(parts);
  try {
    const url = await listen(server, config.listen, 'listen');
    const adminUrl = await listen(admin, config.admin, 'admin');
    control.follow((snapshot) => {
      membership.apply(snapshot);
    });
    log.info({ url, adminUrl }, 'gateway listens');
    let closing: Promise<void> | undefined;
    return { url, adminUrl, close: () => (closing ??= close(server, admin, parts)) };
  } catch (error) {
    await close(server, admin, parts);
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
  const upstreams = new Upstreams(config);
  const membership = new Membership(director, upstreams, log);
  const control = new Control(config.control, log);
  const metrics = new Metrics();
  metrics.watch(membership, director);
  const access = config.accessLog ? log : null;
  const life = { closing: false };
  const forwarding = {
    ...config,
    director,
    membership,
    upstreams,
    keyOf: keyOf(config.key, draws(config)),
    closing: () => life.closing,
    observer: observer({ metrics, membership, control, access }),
  };
  const endpoints = new FleetEndpoints(control, membership, log);
  const handle: Handler = (request, response) => {
    const target = originForm(request.url ?? '/');
    if (target === undefined) sendAnswer(response, failure('The request target is not valid'));
    else if (!endpoints.serve(pathOf(target), request, response)) {
      metrics.inFlight++;
      new Exchange(forwarding, request, response, target).begin();
    }
  };
  return { control, director, handle, life, log, membership, metrics, recording, upstreams };
}

/** Random ids come from the same stream as the simulator's, so that both worlds see the same ones. */
function draws({ scenario }: GatewayConfig): () => ReturnType<ReturnType<typeof workloadOf>['key']> {
  const { key } = workloadOf(scenario);
  const random = stream(scenario.seed, 'keys');
  return () => key(random);
}

/** A target in origin form; that of a proxy request (RFC 9112, 3.2.2) loses scheme and host. */
function originForm(target: string): string | undefined {
  if (target.startsWith('/')) return target;
  if (!/^https?:\/\//i.test(target) || !URL.canParse(target)) return undefined;
  const { pathname, search } = new URL(target);
  return pathname + search;
}

async function close(server: Server, admin: Server, parts: Parts): Promise<void> {
  const { control, life, log, membership, recording, upstreams } = parts;
  life.closing = true;
  control.close();
  const force = setTimeout(() => {
    server.closeAllConnections();
  }, GRACE_MS);
  await Promise.all([closed(server), closed(admin)]);
  clearTimeout(force);
  membership.close();
  await upstreams.closeAll();
  await recording?.close();
  await flushed(log);
}
