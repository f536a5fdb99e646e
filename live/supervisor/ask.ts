/** Questions to the supervisor that answers on a control socket, from other processes of its machine than the gateways. */
import { request } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { json } from 'node:stream/consumers';

/** Whoever is asked who it is answers at once, unless it is too busy for anything. */
const WHO_MS = 2000;

/** What is answered. @throws Error where nobody is there, the connection breaks, or nothing is said for so long (0: for ever) */
export async function ask(control: string, method: string, path: string, timeoutMs = 0): Promise<unknown> {
  const answer = new Promise<IncomingMessage>((resolve, reject) => {
    const options = { socketPath: control, method, path, timeout: timeoutMs };
    const asked = request({ ...options, agent: false }, resolve); // a kept connection could be to the one before
    asked.on('timeout', () => asked.destroy(new Late()));
    asked.on('error', reject);
    asked.end();
  });
  return json(await answer);
}

/** The process number of the supervisor that answers on the socket; 0 when it is too busy to; null when there is none. */
export async function supervisorOf(control: string): Promise<number | null> {
  try {
    return ((await ask(control, 'GET', '/healthz', WHO_MS)) as { pid: number }).pid;
  } catch (error) {
    return error instanceof Late ? 0 : null;
  }
}

class Late extends Error {}
