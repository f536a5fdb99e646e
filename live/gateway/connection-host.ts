/** What a client's connection needs of the server that accepted it. */
import type { ClientConnection } from './client-connection.ts';
import type { ClientLimits, ClientWaits } from './client-limits.ts';
import type { ClientRequest } from './client-request.ts';

/** What a connection needs of its server. */
export interface ConnectionHost {
  readonly limits: ClientLimits;
  readonly waits: ClientWaits;
  /** True once the server takes no more clients: answers say that they are their connections' last. */
  readonly closing: boolean;
  /** True once it does not wait for those that say nothing either. */
  readonly ending: boolean;
  serve(request: ClientRequest): void;
  /** What came was no request, or not in time. */
  refused(status: number): void;
  closed(connection: ClientConnection): void;
}
