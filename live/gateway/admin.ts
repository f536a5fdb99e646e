/** The admin listener, which is not the public port: metrics, health, and the balancer's knobs, turned while it runs. */
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { keyOfText } from '../../core/hash/integer.ts';
import { InputError, unknownName } from '../../core/input-error.ts';
import { isSlotRing } from '../../core/placement/slot-ring.ts';
import type { Logger } from '../log.ts';
import { refusalOf } from '../access.ts';
import type { Permits } from '../access.ts';
import type { Control } from './control.ts';
import type { Director } from './director.ts';
import type { Failover } from './failover.ts';
import type { Membership } from './membership.ts';
import type { Metrics } from './metrics.ts';
import type { Peers } from './peers.ts';
import { inForce, knobsOfGateway, turn } from './turn.ts';
import type { Changes } from './turn.ts';
import { readPayload } from './payload.ts';
import { sendJson } from './send-answer.ts';

/** What the listener shows and changes. */
export interface Administered {
  readonly director: Director;
  readonly failover: Failover;
  readonly membership: Membership;
  /** `closing`: it finishes what it has, and whoever asks whether it is ready should send no more. */
  readonly life: { readonly closing: boolean };
  readonly metrics: Metrics;
  readonly peers: Peers;
  readonly control: Control;
  /** Who may change knobs. */
  readonly permits: Permits;
  readonly log: Logger;
}

const MOST_BYTES = 65_536;

type Route = (
  request: IncomingMessage,
  response: ServerResponse,
  query: URLSearchParams,
) => void | Promise<void>;

/** An admin server; the caller lets it listen. */
export function adminServer(administered: Administered): Server {
  const routes = routesOf(administered);
  return createServer((request, response) => {
    const { pathname, searchParams } = target(request.url ?? '/');
    const route = Object.hasOwn(routes, `${request.method ?? ''} ${pathname}`)
      ? routes[`${request.method ?? ''} ${pathname}`]
      : undefined;
    if (!route) {
      request.resume();
      json(response, 404, {
        error: `There is no such endpoint: it is one of ${Object.keys(routes).join(', ')}.`,
      });
      return;
    }
    const { authorization, origin } = request.headers;
    const refused = request.method === 'GET' ? null : refusalOf(administered.permits, authorization, origin);
    if (refused) {
      request.resume();
      if (refused.status === 401) response.setHeader('WWW-Authenticate', 'Bearer');
      json(response, refused.status, { error: `${refused.message}.` });
      return;
    }
    const run = async (): Promise<void> => route(request, response, searchParams);
    run().catch((error: unknown) => {
      const input = error instanceof InputError;
      if (!input) administered.log.error({ err: error }, 'admin request failed');
      json(response, input ? 400 : 500, { error: input ? error.message : 'It failed; the log says why.' });
    });
  });
}

const NOWHERE = new URL('http://admin/');

/** A target begins with a slash or is a whole address; `//` is a path here, and what is neither leads nowhere. */
function target(text: string): URL {
  const address = text.startsWith('/') ? `http://admin${text}` : text;
  return URL.canParse(address) ? new URL(address) : NOWHERE;
}

function routesOf({
  director,
  failover,
  life,
  membership,
  metrics,
  peers,
  control,
  log,
}: Administered): Record<string, Route> {
  const show = (response: ServerResponse): void => {
    json(response, 200, inForce({ director, failover, membership }));
  };
  return {
    'GET /metrics': async (_request, response) => {
      const others = await peers.ask({ kind: 'metrics' }, await metrics.share());
      const text = await metrics.expose(others);
      // prom-client writes 'Nan' where there is no sample yet; the format's word is 'NaN'.
      const exposed = text.replaceAll(/ Nan$/gm, ' NaN');
      response.writeHead(200, { 'Content-Type': metrics.registry.contentType }).end(exposed);
    },
    'GET /healthz': (_request, response) => {
      json(response, 200, { status: 'ok' });
    },
    'GET /readyz': (_request, response) => {
      const { connected } = control;
      const { version, wanted } = membership;
      const body = { present: director.size, wanted, version, supervisor: connected ? 'connected' : 'away' };
      json(response, director.size > 0 && !life.closing ? 200 : 503, { ...body, closing: life.closing });
    },
    'GET /balancer': (_request, response) => {
      show(response);
    },
    'PUT /balancer': async (request, response) => {
      const changes = await readChanges(request);
      turn({ director, failover, membership }, changes);
      log.info(changes, 'balancer swapped');
      const { weightsById } = membership;
      await peers.ask({ kind: 'turn', changes: { ...changes, weights: {} }, weightsById });
      show(response);
    },
    'POST /restart': (request, response) => {
      request.resume();
      if (!peers.restart())
        throw new InputError('This gateway was not started by `lab.ts up`, which restarts those it did.');
      log.info('restart asked for');
      json(response, 202, { status: 'restarting' });
    },
    'GET /ring': (_request, response) => {
      const { placement } = director;
      const shares = placement?.shares();
      const members = [...director.members].map((r) => ({ ...r, share: shares?.get(r.handle) ?? null }));
      const occupants = placement && isSlotRing(placement) ? Array.from(placement.occupants) : null;
      json(response, 200, { ...inForce({ director, failover, membership }), members, occupants });
    },
    'GET /explain': (_request, response, query) => {
      const key = query.get('key');
      if (key === null) throw new InputError('Name a key: /explain?key=132574.');
      if (!director.placement) throw new InputError(`${director.scenario.policy} does not place by key.`);
      json(response, 200, director.placement.explain(keyOfText(key)));
    },
  };
}

/** @throws InputError unless the body is a JSON object of knobs that can be turned */
async function readChanges(request: IncomingMessage): Promise<Changes> {
  const body = await readPayload(request, MOST_BYTES);
  const changes = parse(body?.toString() ?? '');
  const fields = Object.keys(changes);
  if (fields.length === 0) throw new InputError('Name what to change, as in {"requestHash": "md5"}.');
  for (const field of fields) {
    if (!knobsOfGateway.includes(field)) throw unknownName('knob', field, knobsOfGateway);
  }
  return changes;
}

function parse(text: string): Changes {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  } catch {
    // The sentence below says it.
  }
  throw new InputError('The body must be a JSON object, as in {"requestHash": "md5"}.');
}

function json(response: ServerResponse, status: number, body: unknown): void {
  sendJson(response, status, `${JSON.stringify(body)}\n`);
}
