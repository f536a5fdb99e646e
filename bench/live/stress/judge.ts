/** What must hold whatever replicas do: said of each request, and of the gateway's books when all is over. */
import { readFileSync } from 'node:fs';
import type { Parts } from '../../../live/gateway/parts.ts';
import type { Pool } from '../../../live/gateway/upstreams.ts';
import { readEvent } from '../../../live/replay/events.ts';
import type { End } from './client.ts';
import { SOUND } from './plan.ts';
import type { Plan } from './plan.ts';

/** What is wrong with the end of a request; empty when nothing is. `strict`: each replica was there and could be reached all the time. */
export function wrongWith(end: End, timesSent: number, strict: boolean, holdBytes: number): string {
  const { plan, how, status } = end;
  const said = `${plan.method} ${plan.id} of ${plan.body.length} bytes to [${plan.manners.join(' ')}]: ${how} ${status} ${end.detail}`;
  if (how === 'wrong' || how === 'silent') return said;
  if (how === 'own' && status < 500) return said;
  if (plan.method === 'POST' && timesSent > 1) return `sent ${timesSent} times: ${said}`;
  if (strict && how === 'own' && timesSent === 0) return `not sent: ${said}`;
  const lost = how !== 'left' && (how !== 'right' || status !== 200);
  return strict && lost && mustSucceed(plan, holdBytes) ? `lost: ${said}` : '';
}

/** It can be sent twice, one replica answers it well, and none begins an answer that goes out before it breaks. */
function mustSucceed({ method, body, manners }: Plan, holdBytes: number): boolean {
  const replayed = method !== 'POST' && body.length <= 65_536;
  const breaks = holdBytes === 0 && manners.some((manner) => /half$/i.test(manner));
  return replayed && !breaks && manners.some((manner) => (SOUND as readonly string[]).includes(manner));
}

/** What a gateway that has nothing to do still keeps account of. */
export function leftIn({ metrics, standing, parking }: Parts, pools: Iterable<Pool>): string[] {
  const found = [
    ['requests in flight', metrics.inFlight],
    ['requests parked', parking.size],
    ['requests on trial', standing.onTrial],
    ...[...pools].flatMap(({ crowd, pending, busy, port }) => [
      [`requests that wait for ${port}`, crowd.waiting],
      [`requests that wait for a connection to ${port}`, pending],
      [`busy connections to ${port}`, busy],
    ]),
  ];
  return found.filter(([, n]) => n !== 0).map(([what, n]) => `${n} ${what} at the end`);
}

/** The tries that a recording has begun and not ended, or ended twice, by replica. */
export function unpaired(recording: string): string[] {
  const open = new Map<number, number>();
  const found: string[] = [];
  for (const line of readFileSync(recording, 'utf8').trim().split('\n').slice(1)) {
    const event = readEvent(line);
    if (event?.[0] !== 's' && event?.[0] !== 'f') continue;
    const [verb, now, handle] = event;
    const count = (open.get(handle) ?? 0) + (verb === 's' ? 1 : -1);
    open.set(handle, count);
    if (count < 0) found.push(`a try at replica ${handle} ended twice, at ${now} ms`);
  }
  for (const [handle, count] of open)
    if (count > 0) found.push(`${count} tries at replica ${handle} have no end`);
  return found;
}
