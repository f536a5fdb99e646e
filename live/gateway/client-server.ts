/** The public port: accepts clients within their limits, and ends when their requests are answered. */
import { createServer } from 'node:net';
import type { Server, Socket } from 'node:net';
import { ClientConnection } from './client-connection.ts';
import { clientWaits } from './client-limits.ts';
import type { ConnectionHost } from './connection-host.ts';
import type { ClientLimits, ClientWaits } from './client-limits.ts';
import { ClientRequest } from './client-request.ts';
import type { Deadlines } from './deadlines.ts';

const CHUNK_BYTES = 65_536;

/** Who takes requests, and hears of what is none. */
export type ClientTaker = Pick<ConnectionHost, 'serve' | 'refused'>;

/** The listening socket and all connections to it. */
export class ClientServer implements ConnectionHost {
  readonly server: Server;
  readonly limits: ClientLimits;
  readonly waits: ClientWaits;
  readonly serve: (request: ClientRequest) => void;
  readonly refused: (status: number) => void;
  closing = false;
  ending = false;
  readonly #connections = new Set<ClientConnection>();
  readonly #ofClient = new Map<string, number>();
  #closed: Promise<void> | undefined;

  constructor(limits: ClientLimits, deadlines: Deadlines, { serve, refused }: ClientTaker) {
    this.limits = limits;
    this.waits = clientWaits(limits, deadlines);
    this.serve = serve;
    this.refused = refused;
    const options = { allowHalfOpen: true, noDelay: true, highWaterMark: CHUNK_BYTES };
    this.server = createServer(options, (socket) => {
      this.#accept(socket);
    });
  }

  /** Connections that are open. */
  get connections(): number {
    return this.#connections.size;
  }

  /** Tells all clients, as they are answered, that their connections end; new ones come in as before. */
  warn(): void {
    this.closing = true;
  }

  /**
   * Takes no more clients, and resolves when none is left. A client may be about to send on a connection that is idle, so it
   * ends with its next answer, or when it has been idle for too long.
   */
  retire(): Promise<void> {
    this.closing = true;
    return (this.#closed ??= new Promise<void>((resolve) => {
      this.server.close(() => {
        resolve();
      });
    }));
  }

  /** Takes no more clients, lets those finish that have asked, and breaks off what is left after `graceMs`. */
  async close(graceMs: number): Promise<void> {
    const closed = this.retire();
    this.ending = true;
    for (const connection of this.#connections) if (connection.idle) connection.destroy();
    const force = setTimeout(() => {
      for (const connection of this.#connections) connection.destroy();
    }, graceMs);
    await closed;
    clearTimeout(force);
  }

  closed(connection: ClientConnection): void {
    this.#connections.delete(connection);
    const { client } = connection;
    const left = (this.#ofClient.get(client) ?? 1) - 1;
    if (left === 0) this.#ofClient.delete(client);
    else this.#ofClient.set(client, left);
  }

  /** The one goes that has said nothing for longest; if there is none, one that takes its time with a head, a body or reading. */
  #makeRoom(): void {
    const { body, head, idle, send } = this.waits;
    for (const { first } of [idle, head, body, send]) {
      if (first === null) continue;
      first.lift();
      first.late();
      return;
    }
  }

  #accept(socket: Socket): void {
    if (this.#connections.size >= this.limits.maxConnections) this.#makeRoom();
    const connection = new ClientConnection(socket, this);
    const { client } = connection;
    const count = (this.#ofClient.get(client) ?? 0) + 1;
    this.#ofClient.set(client, count);
    this.#connections.add(connection);
    const { clientConnections: most } = this.limits;
    if (most === 0 || count <= most) return;
    this.refused(503);
    ClientRequest.refuse(connection, 503, `an address may have ${most} connections`);
    connection.close();
  }
}
