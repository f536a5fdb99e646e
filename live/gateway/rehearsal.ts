/**
 * A rehearsal of replicas' bad days, before the first client comes. V8 compiles for what it has seen: the first failure would
 * throw away the code of a hundred functions just when two replicas have to carry the load of three, which makes each request
 * several times as dear for a tenth of a second. So the same code goes through all of it, with replicas and clients that are
 * a thread's: in two gateways, since what V8 saw in one only it takes for what is always so, and compiles again for the next.
 */
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { Worker } from 'node:worker_threads';
import type { Member } from '../types.ts';
import { gatewayConfig } from './config.ts';
import type { GatewayConfig, GatewayOptions } from './config.ts';
import { listen } from './listener.ts';
import { assemble, dismantle } from './parts.ts';
import type { Parts } from './parts.ts';

const CAST = new URL('rehearsal-cast.mjs', import.meta.url);
const HOST = '127.0.0.1';
const REPLICAS = 3;
/** So that functions are compiled before something goes wrong. */
const OVERTURE_MS = 150;
/** What takes longer is tried elsewhere; by its own measure a gateway that is cold would take all of it for usual. */
const TRY_MS = 20;
/** From a failure until the supervisor takes the replica away: a try may be late by then. */
const NOTICED_MS = 45;
/** From a replacement to the next failure. */
const CALM_MS = 35;

/** Node does not always say that a thread has ended, which takes some milliseconds: of a hundred, one or two are not told on a busy machine. */
const ENDED_MS = 250;

/** What befalls one replica after the other in each of the gateways; most comes again, since the second time other code is hot. */
const PERFORMANCES = [
  ['kill', 'hang', 'status', 'half', 'reset'],
  ['hang', 'kill', 'status', 'slow', 'reset', 'kill'],
] as const;
const ROLES = PERFORMANCES.reduce((sum, acts) => sum + REPLICAS + acts.length, 0);

/** Goes through all failures, or as many as there is time for; what cannot be rehearsed is met unprepared, as it was before. */
export async function rehearse(options: GatewayOptions): Promise<void> {
  const config = gatewayConfig(options);
  if (config.rehearsalMs === 0) return;
  setFlagsFromString('--no-flush-bytecode'); // V8 forgets what was not called for a while
  const unseen = { record: undefined, gatewayCount: 0, accessLog: false, logLevel: 'silent' } as const;
  const tryTimeout = config.tryTimeout === 0 ? 0 : TRY_MS;
  const over = new AbortController();
  const end = (): void => {
    over.abort();
  };
  const curfew = setTimeout(end, config.rehearsalMs);
  const cast = new Worker(CAST, { workerData: ROLES, execArgv: [] }).on('error', end);
  const rehearsed = { ...config, ...unseen, tryTimeout };
  await perform(cast, rehearsed, over.signal).catch(() => undefined);
  clearTimeout(curfew);
  await Promise.race([cast.terminate(), sleep(ENDED_MS)]);
}

/** Plays before one gateway after the other. */
async function perform(cast: Worker, config: GatewayConfig, signal: AbortSignal): Promise<void> {
  const [ports] = (await once(cast, 'message', { signal })) as [number[]];
  const members = ports.map((port, handle): Member => {
    const name = `rehearsal-${handle}`;
    return { handle, id: handle + 1, name, weight: 1, host: HOST, port, state: 'ready' };
  });
  for (const acts of PERFORMANCES) {
    const parts = assemble(config);
    const roles = members.splice(0, REPLICAS + acts.length);
    await play(parts, cast, { acts, roles, signal }).finally(() => close(parts));
  }
}

/** What befalls whom, until there is no time left. */
interface Play {
  readonly acts: (typeof PERFORMANCES)[number];
  readonly roles: Member[];
  readonly signal: AbortSignal;
}

async function play(
  { clients, membership }: Parts,
  cast: Worker,
  { acts, roles, signal }: Play,
): Promise<void> {
  const stage = roles.splice(0, REPLICAS);
  let version = 0;
  const publish = (): void => {
    membership.apply({ version: version++, wanted: REPLICAS, members: [...stage] });
  };
  publish();
  const url = await listen(clients.server, { host: HOST, port: 0 }, 'listen');
  cast.postMessage({ clients: Number(new URL(url).port) });
  await sleep(OVERTURE_MS, undefined, { signal });
  for (const act of acts) {
    const [victim] = stage;
    cast.postMessage({ act, replica: victim.handle });
    await sleep(NOTICED_MS, undefined, { signal });
    stage.shift();
    publish();
    await sleep(2, undefined, { signal });
    stage.push(...roles.splice(0, 1));
    publish();
    await sleep(CALM_MS, undefined, { signal });
  }
}

async function close(parts: Parts): Promise<void> {
  await parts.clients.close(0);
  parts.control.close();
  await dismantle(parts);
}
