/** The connections to the replicas: a pool of kept-alive ones a member, each with a connect timeout that holds. */
import { connect } from 'node:net';
import { Pool } from 'undici';
import type { buildConnector } from 'undici';
import type { Member } from '../types.ts';

/** What is read of a socket at once. */
const CHUNK_BYTES = 65_536;

/** How the gateway connects. */
export interface UpstreamOptions {
  readonly connectMs: number;
  /** Longest silence within a body. */
  readonly bodyMs: number;
  /** Most connections to one replica; further requests wait. */
  readonly connections: number;
}

/** The pools of the members of now, by handle. */
export class Upstreams {
  readonly #pools = new Map<number, Pool>();
  readonly #options: UpstreamOptions;

  constructor(options: UpstreamOptions) {
    this.#options = options;
  }

  get(handle: number): Pool | undefined {
    return this.#pools.get(handle);
  }

  open({ handle, host, port }: Member): void {
    const { bodyMs, connections, connectMs } = this.#options;
    const origin = `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
    const options = { connections, connect: connector(connectMs), bodyTimeout: bodyMs, headersTimeout: 0 };
    const pool = new Pool(origin, options);
    this.#pools.set(handle, pool);
  }

  /** Ends every request that is at a replica which is gone, so that none waits for an answer that cannot come. */
  cut(handle: number): void {
    const pool = this.#pools.get(handle);
    this.#pools.delete(handle);
    void pool?.destroy(new Gone());
  }

  async closeAll(): Promise<void> {
    const pools = [...this.#pools.values()];
    this.#pools.clear();
    await Promise.all(pools.map((pool) => pool.destroy()));
  }
}

/** undici's own connect timeout ticks in half seconds; a dead address has to be given up well before that. */
function connector(connectMs: number): buildConnector.connector {
  return ({ hostname, port }, callback) => {
    const host = hostname.replace(/^\[(.*)\]$/, '$1');
    const options = {
      host,
      port: Number(port),
      noDelay: true,
      keepAlive: true,
      highWaterMark: CHUNK_BYTES,
    };
    const socket = connect(options);
    const giveUp = (): void => {
      if (socket.connecting) socket.destroy(new ConnectTimeout(hostname, connectMs));
    };
    // After a stall of this process the timer is due before the connection, which may be there, was looked at.
    const timer = setTimeout(() => setImmediate(giveUp), connectMs);
    const failed = (error: Error): void => {
      clearTimeout(timer);
      callback(error, null);
    };
    socket.once('error', failed).once('connect', () => {
      clearTimeout(timer);
      socket.off('error', failed);
      callback(null, socket);
    });
  };
}

/** The replica is no member any more. */
class Gone extends Error {
  readonly code = 'GONE';
}

/** No connection in time. */
class ConnectTimeout extends Error {
  readonly code = 'ETIMEDOUT';
  constructor(host: string, ms: number) {
    super(`no connection to ${host} within ${ms} ms`);
  }
}
