/** What a client may take: bytes, connections and time. */
import type { HeadLimits } from '../http/fields.ts';
import type { DeadlineQueue, Deadlines } from './deadlines.ts';

/** Bounds on what a client sends, and on its time for it; 0 is no bound. */
export interface ClientLimits extends HeadLimits {
  readonly bodyBytes: number;
  /** Connections from one address at once. */
  readonly clientConnections: number;
  /** Connections of all clients; beyond it those go that have been idle for longest. */
  readonly maxConnections: number;
  /** Longest time from the first byte of a head to its last. */
  readonly clientHeadMs: number;
  /** Longest silence within a request's body. */
  readonly clientBodyMs: number;
  /** Longest time that a client may not read. */
  readonly clientSendMs: number;
  /** Longest time between two requests. */
  readonly clientIdleMs: number;
  /** How long a client that only listens is believed to be there while nothing can be written to it. */
  readonly halfCloseMs: number;
}

/** These of a configuration: read for every request, hence an object of its own that is always alike. */
export function clientLimits(config: ClientLimits): ClientLimits {
  return {
    headBytes: config.headBytes,
    fields: config.fields,
    bodyBytes: config.bodyBytes,
    clientConnections: config.clientConnections,
    maxConnections: config.maxConnections,
    clientHeadMs: config.clientHeadMs,
    clientBodyMs: config.clientBodyMs,
    clientSendMs: config.clientSendMs,
    clientIdleMs: config.clientIdleMs,
    halfCloseMs: config.halfCloseMs,
  };
}

/** How long a connection that is over waits for the client's end of it. */
const LINGER_MS = 2000;

/** The queues of a server's deadlines. */
export interface ClientWaits {
  readonly head: DeadlineQueue;
  readonly body: DeadlineQueue;
  readonly send: DeadlineQueue;
  readonly idle: DeadlineQueue;
  readonly halfClosed: DeadlineQueue;
  readonly linger: DeadlineQueue;
}

/** The queues for these limits. */
export function clientWaits(limits: ClientLimits, deadlines: Deadlines): ClientWaits {
  return {
    head: deadlines.own(limits.clientHeadMs),
    body: deadlines.own(limits.clientBodyMs),
    send: deadlines.own(limits.clientSendMs),
    idle: deadlines.own(limits.clientIdleMs),
    halfClosed: deadlines.own(limits.halfCloseMs),
    linger: deadlines.own(LINGER_MS),
  };
}
