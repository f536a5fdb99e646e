/** The control protocol (live/types.ts): HTTP over a Unix domain socket, for the gateway and for nobody else. */
import { once } from 'node:events';
import { chmodSync, renameSync, rmSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { Answer, Snapshot, Suspicion } from '../types.ts';
import { MAX_PAYLOAD_BYTES } from '../types.ts';
import { readSuspicion } from './payload.ts';
import { UNTIL_IT_LISTENS } from './socket.ts';

/** What the control socket lets others do. */
export interface Controlled {
  readonly snapshot: Snapshot;
  onChange(listener: (snapshot: Snapshot) => void): () => void;
  add(raw: Buffer, contentType?: string): Promise<Answer>;
  remove(raw: Buffer, contentType?: string): Promise<Answer>;
  suspect(suspicion: Suspicion): void;
  /** Puts another process in the place of this one; resolves with its number. @throws Error when it could not */
  succeed?: (() => Promise<number>) | undefined;
}

/** A socket that is served. */
export interface Served {
  /** Serves no more, and ends the streams of those that follow the snapshots; the calls under way only where told to. */
  end(all: boolean): void;
}

const ALIVE_MS = 5000;

type Handler = (
  controlled: Controlled,
  request: IncomingMessage,
  response: ServerResponse,
) => Promise<void> | void;

const routes: Readonly<Record<string, Handler>> = {
  'GET /healthz': (_, __, response) => {
    send(response, 200, { pid: process.pid });
  },
  'GET /members': ({ snapshot }, _, response) => {
    send(response, 200, snapshot);
  },
  'GET /members/stream': stream,
  'POST /add': async (controlled, incoming, response) => {
    const { status, body } = await controlled.add(await payload(incoming), incoming.headers['content-type']);
    send(response, status, body);
  },
  'DELETE /rm': async (controlled, incoming, response) => {
    const { status, body } = await controlled.remove(
      await payload(incoming),
      incoming.headers['content-type'],
    );
    send(response, status, body);
  },
  'POST /suspect': async (controlled, incoming, response) => {
    const suspicion = readSuspicion(await payload(incoming));
    if (suspicion) controlled.suspect(suspicion);
    response.writeHead(suspicion ? 202 : 400).end();
  },
  'POST /restart': async ({ succeed }, _, response) => {
    try {
      if (!succeed) throw new Error('it was not started by `lab.ts up`');
      send(response, 200, { pid: await succeed() });
    } catch (error) {
      send(response, 503, { error: error instanceof Error ? error.message : String(error) });
    }
  },
};

/**
 * Serves until ended. The socket's file is for its owner and group. It listens before it has its name, so that the name always
 * leads to somebody, and so that whoever had it before does not take it away when it ends.
 */
export async function serveControl(path: string, controlled: Controlled): Promise<Served> {
  const born = `${path}${UNTIL_IT_LISTENS}`;
  rmSync(born, { force: true });
  const streams = new Set<ServerResponse>();
  const server = createServer((incoming, response) => {
    const handler = routes[`${incoming.method ?? ''} ${incoming.url ?? ''}`] as Handler | undefined;
    if (handler === stream) streams.add(response.on('close', () => streams.delete(response)));
    if (!handler) return void response.writeHead(404).end();
    Promise.resolve(handler(controlled, incoming, response)).catch(() => {
      response.destroy();
    });
  });
  server.listen(born);
  await once(server, 'listening');
  chmodSync(born, 0o660);
  renameSync(born, path);
  return {
    end(all) {
      server.close();
      if (all) server.closeAllConnections();
      for (const response of streams) response.destroy();
    },
  };
}

/** The snapshot now, one a line as it changes, and an empty line when nothing has been said for a while. */
function stream(controlled: Controlled, _: IncomingMessage, response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'application/x-ndjson' });
  const line = (snapshot: Snapshot): void => {
    response.write(`${JSON.stringify(snapshot)}\n`);
  };
  line(controlled.snapshot);
  const stop = controlled.onChange(line);
  const alive = setInterval(() => response.write('\n'), ALIVE_MS);
  response.on('close', () => {
    stop();
    clearInterval(alive);
  });
}

/** One byte more than is allowed, so that too much is seen for what it is. */
async function payload(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    if (length <= MAX_PAYLOAD_BYTES) chunks.push(chunk);
    length += chunk.length;
  }
  return Buffer.concat(chunks);
}

function send(response: ServerResponse, status: number, body: unknown): void {
  const text = JSON.stringify(body);
  response
    .writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) })
    .end(text);
}
