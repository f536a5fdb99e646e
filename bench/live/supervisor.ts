/** A supervisor of words only: it tells the gateway of replicas that never change. */
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { Snapshot } from '../../live/types.ts';

/** Serves the control protocol on a socket. */
export async function supervisorOf(ports: readonly number[], socket: string): Promise<Server> {
  const members = ports.map((port, handle) => {
    const name = `S${handle + 1}`;
    return { handle, id: handle + 1, name, weight: 1, host: '127.0.0.1', port, state: 'ready' as const };
  });
  const snapshot: Snapshot = { version: 1, wanted: members.length, members };
  const server = createServer((request, response) => {
    const line = `${JSON.stringify(snapshot)}\n`;
    if (request.url !== '/members/stream') {
      request.resume();
      response.end(line);
      return;
    }
    response.write(line);
    const beat = setInterval(() => response.write('\n'), 5000);
    response.on('close', () => {
      clearInterval(beat);
    });
  });
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  return server;
}
