/** A replica that treats each request as its head says, and says in its answer which request that was and what came with it. */
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { filled } from './plan.ts';
import type { Manner } from './plan.ts';

const HOST = '127.0.0.1';
const HALF_BYTES = 500;
const SLOW_MS = 20;
const BREAK_MS = 10;

/** One replica. */
export interface Replica {
  readonly name: string;
  readonly port: number;
  /** Refuses connections for a while. */
  breakDown(forMs: number): Promise<void>;
  close(): Promise<void>;
}

/** Starts S1 and so on; `sent` hears of each request that has come. */
export async function replica(index: number, sent: (id: string) => void): Promise<Replica> {
  const name = `S${index + 1}`;
  const sockets = new Set<Socket>();
  const server = createServer((request, response) => {
    sent(String(request.headers['x-id']));
    for (const stream of [request, response]) stream.on('error', () => undefined);
    void treat(request, response, { name, index });
  });
  server.keepAliveTimeout = 0;
  server
    .on('clientError', () => undefined)
    .on('connection', (socket) => {
      sockets.add(socket.on('error', () => undefined));
      socket.on('close', () => sockets.delete(socket));
    });
  const stop = async (): Promise<void> => {
    const stopped = new Promise((resolve) => server.close(resolve));
    for (const socket of sockets) socket.destroy();
    await stopped;
  };
  await listening(server, 0);
  const { port } = server.address() as AddressInfo;
  return {
    name,
    port,
    async breakDown(forMs) {
      await stop();
      await sleep(forMs);
      await listening(server, port);
    },
    close: stop,
  };
}

/** What the answer to a request says of it. */
export function seal(id: string, name: string, body: Buffer): string {
  return `${id} ${name} ${createHash('sha1').update(body).digest('hex')}`;
}

async function treat(
  request: IncomingMessage,
  response: ServerResponse,
  { name, index }: { name: string; index: number },
): Promise<void> {
  const { socket } = request;
  const field = (of: string): string => String(request.headers[of]);
  const manner = field('x-manners').split(',')[index] as Manner;
  if (manner === 'deaf') request.pause();
  if (manner === 'reset') socket.resetAndDestroy();
  if (manner === 'deaf' || manner === 'reset') return;
  const body = await wholeOf(request);
  if (body === null || manner === 'never') return;
  if (manner.startsWith('late')) await sleep(Number(field('x-late-ms')));
  if (manner === 'slow') {
    response.writeProcessing();
    await sleep(SLOW_MS);
  }
  if (manner === 'garbage') socket.end('nonsense\r\n\r\n');
  else if (manner === 'lateReset') socket.resetAndDestroy();
  else {
    const id = field('x-id');
    const sent = filled(id, Number(field('x-bytes')));
    response.statusCode = Number(/\d+$/.exec(manner)?.[0] ?? 200);
    response.setHeader('X-Seal', seal(id, name, body));
    if (/half$/i.test(manner)) await halve(response, sent);
    else answer(response, sent, manner === 'chunked');
  }
}

function answer(response: ServerResponse, sent: Buffer, chunked: boolean): void {
  if (!chunked) {
    response.setHeader('Content-Length', sent.length);
    response.end(sent);
    return;
  }
  response.write(sent.subarray(0, sent.length >> 1));
  setImmediate(() => response.end(sent.subarray(sent.length >> 1)));
}

async function halve(response: ServerResponse, sent: Buffer): Promise<void> {
  response.setHeader('Content-Length', 2 * HALF_BYTES);
  response.write(sent.subarray(0, HALF_BYTES));
  await sleep(BREAK_MS);
  response.socket?.resetAndDestroy();
}

/** What came with it, or null when that broke off. */
async function wholeOf(request: IncomingMessage): Promise<Buffer | null> {
  const pieces: Buffer[] = [];
  try {
    for await (const piece of request) pieces.push(piece as Buffer);
  } catch {
    return null;
  }
  return Buffer.concat(pieces);
}

function listening(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject).listen(port, HOST, () => {
      server.off('error', reject);
      resolve();
    });
  });
}
