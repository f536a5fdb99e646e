/** Listening and ceasing to: a taken port is a sentence, and an end waits for what is under way. */
import type { Server as HttpServer } from 'node:http';
import type { AddressInfo, Server } from 'node:net';
import { InputError } from '../../core/input-error.ts';

/** Where to listen; port 0 is any free one. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

const LOOK_EVERY_MS = 50;

/** Connections that wait to be accepted: as many as come while all gateways are started again. The kernel may allow less. */
export const BACKLOG = 4096;

/**
 * Resolves with the address as a URL.
 * @param fd a descriptor that listens there already
 * @throws InputError naming the flag when it cannot be
 */
export function listen(server: Server, wanted: Address, flag: string, fd?: number): Promise<string> {
  const { host, port } = wanted;
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(cannotListen(error, { ...wanted, flag }));
    });
    const listening = (): void => {
      resolve(urlOf({ host, port: (server.address() as AddressInfo).port }));
    };
    if (fd === undefined) server.listen({ host, port, backlog: BACKLOG }, listening);
    else server.listen({ fd }, BACKLOG, listening);
  });
}

/** An address of IPv6 needs its brackets. */
export function urlOf({ host, port }: Address): string {
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** The sentence for an address that cannot be listened on. */
export function cannotListen(
  { code, message }: Pick<NodeJS.ErrnoException, 'code' | 'message'>,
  { host, port, flag }: Address & { readonly flag: string },
): InputError {
  const why =
    code === 'EADDRINUSE'
      ? 'something else listens there'
      : code === 'EACCES'
        ? 'this user may not'
        : message;
  return new InputError(
    `The gateway cannot listen on ${host}:${port}: ${why}. Free it or choose another with --${flag}.`,
  );
}

/** Resolves when no connection is left; those that fall idle meanwhile are closed. */
export function closed(server: HttpServer): Promise<void> {
  return new Promise((resolve) => {
    const idle = setInterval(() => {
      server.closeIdleConnections();
    }, LOOK_EVERY_MS);
    server.close(() => {
      clearInterval(idle);
      resolve();
    });
    server.closeIdleConnections();
  });
}
