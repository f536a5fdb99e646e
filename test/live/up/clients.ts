/** Clients of a stack that is restarted: those that stay on their connections, and loads that go on for as long as it takes. */
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { load } from '../../../live/load/load.ts';
import type { LoadOptions } from '../../../live/load/options.ts';
import type { LoadResult } from '../../../live/load/result.ts';

/** A client that thinks before it asks again, on a connection that it keeps for as long as it is not told to close it. */
export async function browse(
  port: number,
  isOver: () => boolean,
): Promise<{ answers: number; told: number; failures: string[] }> {
  const seen = { answers: 0, told: 0, failures: [] as string[] };
  const fine = (): boolean => seen.failures.length === 0;
  while (!isOver() && fine()) {
    const socket = connect(port, '127.0.0.1').on('error', ({ message }) => seen.failures.push(message));
    const closed = once(socket, 'close').then(() => 'closed before it answered');
    for (let last = false; !last && fine();) {
      const answer = once(socket, 'data').then(([bytes]) => String(bytes));
      socket.write('GET /home HTTP/1.1\r\nHost: lab\r\n\r\n');
      const said = await Promise.race([answer, closed]);
      if (!said.startsWith('HTTP/1.1 200 ')) seen.failures.push(said);
      seen.answers++;
      const isTold = said.includes('\r\nConnection: close\r\n');
      if (isTold) seen.told++;
      last = isTold || isOver();
      if (!last) await sleep(Math.random() * 600);
    }
    socket.destroy();
    await closed;
  }
  return seen;
}

/** One load after the other. */
export async function loads(
  options: Omit<LoadOptions, 'durationMs'>,
  isOver: () => boolean,
): Promise<LoadResult[]> {
  const results: LoadResult[] = [];
  while (!isOver()) results.push(await load({ ...options, durationMs: 2000 }));
  return results;
}
