/** Who hears what becomes of requests: the metrics, the access log, and on failures the supervisor. */
import type { Logger } from '../log.ts';
import type { Failure } from './attempt.ts';
import { OVERFLOW } from './failover.ts';
import type { Control } from './control.ts';
import type { Ended, Observer } from './forwarding.ts';
import type { Membership } from './membership.ts';
import type { Metrics } from './metrics.ts';
import { SLOW_CLIENT } from './upstream-connection.ts';
import { GONE } from './upstreams.ts';

/** A replica is reported at most so often; a failing one fails many requests at once. */
export const REPORT_EVERY_MS = 250;

/** What the observer tells. */
export interface Audience {
  readonly metrics: Metrics;
  readonly membership: Membership;
  readonly control: Control;
  /** Where access lines go, or null for none. */
  readonly access: Logger | null;
}

/** An observer that tells all of them. */
export function observer({ metrics, membership, control, access }: Audience): Observer {
  const reported = new Map<number, number>();

  const report = (handle: number, reason: string): void => {
    const now = performance.now();
    if (now - (reported.get(handle) ?? -Infinity) < REPORT_EVERY_MS) return;
    reported.set(handle, now);
    control.suspect({ name: membership.nameOf(handle), reason });
  };

  return {
    failed(handle: number, { reason }: Failure) {
      metrics.failed(membership.nameOf(handle), reason);
      if (reason === GONE || reason === OVERFLOW || reason === SLOW_CLIENT) return;
      report(handle, reason);
    },
    suspected(handle: number, { reason }: Failure) {
      report(handle, reason);
    },
    retried(reason: string) {
      metrics.retried(reason);
    },
    hedged() {
      metrics.hedged();
    },
    shed(reason: string) {
      metrics.shed(reason);
    },
    ended(exchange: Ended) {
      metrics.inFlight--;
      const ms = performance.now() - exchange.startedMs;
      const replica = membership.nameOf(exchange.handle);
      metrics.ended(replica, exchange.status, ms / 1000);
      if (access) access.info(line(exchange, replica, ms), 'request');
    },
  };
}

function line({ request, status, key, tried }: Ended, replica: string, ms: number): object {
  const { method, target } = request.head;
  const rounded = Math.round(ms * 1000) / 1000;
  return {
    method,
    path: target,
    status,
    ms: rounded,
    replica,
    key,
    tries: tried.length,
    client: request.client,
  };
}
