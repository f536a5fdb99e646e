/** The public port: accepts clients within their limits, and ends when their requests are answered. */
import { createServer } from 'node:net';
import type { Server, Socket } from 'node:net';
import { ClientConnection } from './client-connection.ts';
import type { ConnectionHost } from './client-connection.ts';
import { clientWaits } from './client-limits.ts';
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
  readonly #connections = new Set<ClientConnection>();
  readonly #ofClient = new Map<string, number>();

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

  /** Takes no more clients, lets those finish that have asked, and breaks off what is left after `graceMs`. */
  async close(graceMs: number): Promise<void> {
    this.closing = true;
    const closed = new Promise<void>((resolve) => {
      this.server.close(() => {
        resolve();
      });
    });
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

  #accept(socket: Socket): void {
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
