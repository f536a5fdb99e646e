/** A server that keeps every request waiting until it is told to answer, so that requests in flight are known exactly. */
import { createServer } from 'node:http';
import type { ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { chmodSync } from 'node:fs';

/** Requests held by the `x-request` that they carry. */
export interface Holder {
  /** Waits until the request with this number has come. */
  arrived(id: number): Promise<void>;
  /** Answers it. */
  release(id: number): void;
  close(): Promise<void>;
}

/** Listens on a socket in a folder. */
export async function holdOn(socket: string): Promise<Holder> {
  const held = new Map<number, ServerResponse>();
  const waiting = new Map<number, () => void>();
  const server = createServer((request, response) => {
    const id = Number(request.headers['x-request']);
    held.set(id, response);
    waiting.get(id)?.();
  });
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  chmodSync(socket, 0o777);
  return {
    arrived: (id) =>
      new Promise((resolve) => {
        if (held.has(id)) resolve();
        else waiting.set(id, resolve);
      }),
    release(id) {
      held.get(id)?.writeHead(204).end();
      held.delete(id);
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => {
          resolve();
        });
      }),
  };
}

/** Sends one request on a connection of its own; resolves with the whole head of the answer. */
export function askAlone(socket: string, request: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const client = connect(socket, () => client.write(request));
    let said = '';
    client.on('data', (chunk) => {
      said += chunk.toString('latin1');
      if (said.includes('\r\n\r\n')) client.end();
    });
    client.once('error', reject);
    client.once('close', () => {
      resolve(said);
    });
  });
}
