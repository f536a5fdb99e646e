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

/** Resolves with the address as a URL. @throws InputError naming the flag when it cannot be */
export function listen(server: Server, { host, port }: Address, flag: string): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(cannotListen(error, `${host}:${port}`, flag));
    });
    server.listen(port, host, () => {
      const { port: bound } = server.address() as AddressInfo;
      resolve(`http://${host.includes(':') ? `[${host}]` : host}:${bound}`);
    });
  });
}

function cannotListen({ code, message }: NodeJS.ErrnoException, address: string, flag: string): InputError {
  const why =
    code === 'EADDRINUSE'
      ? 'something else listens there'
      : code === 'EACCES'
        ? 'this user may not'
        : message;
  return new InputError(
    `The gateway cannot listen on ${address}: ${why}. Free it or choose another with --${flag}.`,
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
