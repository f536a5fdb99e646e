/** What the gateway stands between in tests: a supervisor that does as it is told, and replicas of any behaviour. */
import { createServer, request as httpRequest } from 'node:http';
import type { IncomingMessage, RequestListener, RequestOptions, Server, ServerResponse } from 'node:http';
import { connect, createServer as createNetServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { join } from 'node:path';
import { afterEach } from 'vitest';
import type { GatewayOptions } from '../../../live/gateway/config.ts';
import { startGateway } from '../../../live/gateway/gateway.ts';
import type { Gateway } from '../../../live/gateway/gateway.ts';
import type { Member, Snapshot } from '../../../live/types.ts';
import { temporary } from '../../temporary.ts';

const toClose: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const close of toClose.splice(0).reverse()) await close();
});

/** Runs when the test is over, the last one first. */
export function afterwards(close: () => Promise<unknown>): void {
  toClose.push(close);
}

/** A request as the fake supervisor got it. */
export interface Call {
  readonly method: string;
  readonly path: string;
  readonly body: string;
  readonly contentType: string | undefined;
}

/** A supervisor of words only. */
export interface FakeSupervisor {
  readonly socket: string;
  readonly calls: Call[];
  /** Publishes the next snapshot. */
  members(members: readonly Member[]): void;
  /** What /add and /rm answer. */
  answer: (call: Call) => { status: number; body: unknown };
  /** Ends every stream, as a supervisor that dies does. */
  interrupt(): void;
}

/** Starts one on a Unix domain socket. */
export async function fakeSupervisor(): Promise<FakeSupervisor> {
  const socket = join(temporary(), 'control.sock');
  const streams = new Set<ServerResponse>();
  let snapshot: Snapshot = { version: 0, wanted: 0, members: [] };
  const fake: FakeSupervisor = {
    socket,
    calls: [],
    members(members) {
      snapshot = { version: snapshot.version + 1, wanted: members.length, members };
      for (const stream of streams) stream.write(`${JSON.stringify(snapshot)}\n`);
    },
    answer: () => ({ status: 200, body: { message: 'as told', status: 'successful' } }),
    interrupt() {
      for (const stream of streams) stream.destroy();
    },
  };
  const server = createServer((request, response) => {
    if (request.url === '/members/stream') {
      streams.add(response.on('close', () => streams.delete(response)));
      response.write(`\n${JSON.stringify(snapshot)}\n`);
      return;
    }
    void text(request).then((body) => {
      const [method, path] = [request.method ?? '', request.url ?? ''];
      if (path === '/members') return response.end(JSON.stringify(snapshot));
      const call = { method, path, body, contentType: request.headers['content-type'] };
      fake.calls.push(call);
      const { status, body: answer } = path === '/suspect' ? { status: 202, body: {} } : fake.answer(call);
      return response.writeHead(status).end(JSON.stringify(answer));
    });
  });
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  afterwards(() => stop(server));
  return fake;
}

/** A server on a free port of loopback. */
export async function backend(listener: RequestListener): Promise<number> {
  const server = createServer(listener);
  const port = await listen(server);
  afterwards(() => stop(server));
  return port;
}

/** Lets a server listen, and tells the port. */
export async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

/** Stops it, whatever is under way. */
export async function stop(server: Server): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeAllConnections();
  await closed;
}

let dead = 0;

/** A port of loopback that nobody listens on: those below 1024 are given to no test that asks for any. */
export function deadPort(): number {
  return ++dead;
}

/** A replica of the lab (LAB 1) by that name. */
export function labReplica(name: string): RequestListener {
  return (request, response) => {
    const path = request.url?.split('?')[0];
    if (path === '/heartbeat') response.end();
    else if (path === '/home') {
      const body = JSON.stringify({ message: `Hello from Server: ${name}`, status: 'successful' });
      response
        .writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': body.length })
        .end(body);
    } else response.writeHead(404).end('unknown');
  };
}

/** Members S1, S2 … ready at these ports, with handles from 0 and ids from 1. */
export function readyAt(...ports: number[]): Member[] {
  return ports.map((port, handle) => ({
    handle,
    id: handle + 1,
    name: `S${handle + 1}`,
    weight: 1,
    host: '127.0.0.1',
    port,
    state: 'ready',
  }));
}

/** A gateway before these members, once it can serve them. */
export async function gatewayBefore(
  members: readonly Member[],
  options: Partial<GatewayOptions> = {},
): Promise<{ gateway: Gateway; supervisor: FakeSupervisor }> {
  const supervisor = await fakeSupervisor();
  const gateway = await startGateway({
    control: supervisor.socket,
    listen: '127.0.0.1:0',
    admin: '127.0.0.1:0',
    logLevel: 'silent',
    ...options,
  });
  afterwards(() => gateway.close());
  supervisor.members(members);
  await until(
    async () => (await present(gateway)) === members.filter(({ state }) => state === 'ready').length,
  );
  return { gateway, supervisor };
}

/** How many replicas the gateway can send requests to. */
export async function present(gateway: Gateway): Promise<number> {
  const response = await fetch(`${gateway.adminUrl}/readyz`);
  return ((await response.json()) as { present: number }).present;
}

/** Waits until something is so. */
export async function until(so: () => boolean | Promise<boolean>, withinMs = 5000): Promise<void> {
  const end = performance.now() + withinMs;
  while (!(await so())) {
    if (performance.now() > end) throw new Error('it did not come to be so in time');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** A body as text. */
export async function text(request: IncomingMessage): Promise<string> {
  let all = '';
  for await (const chunk of request) all += String(chunk);
  return all;
}

/** Sends a request with node's own client, which leaves header fields as they are given. */
export function send(url: string, options: RequestOptions, body?: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    httpRequest(url, options, resolve).on('error', reject).end(body);
  });
}

/**
 * Writes raw bytes, piece by piece, and returns what is said until the connection closes or falls silent. Silence
 * before so many answers is a busy machine's, and is waited out for three seconds.
 */
export async function raw(
  url: string,
  bytes: string | readonly string[],
  silentMs = 200,
  answers = 0,
): Promise<string> {
  const { hostname, port } = new URL(url);
  const socket = connect({ port: Number(port), host: hostname, noDelay: true });
  let said = '';
  socket.on('data', (chunk: Buffer) => (said += chunk.toString('latin1'))).on('error', () => undefined);
  for (const piece of typeof bytes === 'string' ? [bytes] : bytes) {
    socket.write(piece, 'latin1');
    await new Promise((resolve) => setImmediate(resolve));
  }
  await new Promise<void>((resolve) => {
    const giveUpMs = performance.now() + 3000;
    const silent = (): void => {
      const waits = (said.match(/HTTP\/1\.1 \d{3} /g)?.length ?? 0) < answers && performance.now() < giveUpMs;
      if (waits) socket.setTimeout(silentMs);
      else resolve();
    };
    socket
      .setTimeout(silentMs)
      .on('timeout', silent)
      .on('close', () => {
        resolve();
      });
  });
  socket.destroy();
  return said;
}

/** A port where connections are accepted and then dealt with so. */
export async function rawServer(deal: (socket: Socket) => void): Promise<number> {
  const sockets: Socket[] = [];
  const server = createNetServer({ allowHalfOpen: true }, (socket) => {
    sockets.push(socket.on('error', () => undefined));
    deal(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  afterwards(() => {
    for (const socket of sockets) socket.destroy();
    return new Promise((resolve) => server.close(resolve));
  });
  return (server.address() as AddressInfo).port;
}
