/** One heartbeat (LAB 1.3): asked of a replica over a connection that is kept, answered or not in time. */
import type { ClientRequest } from 'node:http';
import { Agent, get } from 'node:http';

/**
 * `gone`: nothing listens there; `missed`: no answer in time; `wrong`: a status other than 200 or a broken connection, at once;
 * `late`: this process itself was too busy to tell.
 */
export type Beat = 'ok' | 'missed' | 'wrong' | 'gone' | 'late';

/** Where a replica listens. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

/** A timeout that fires this much too late says more about this process than about the replica. */
const LAG_MS = 150;

const agent = new Agent({ keepAlive: true, maxSockets: 1, scheduling: 'lifo' });

/** Asks for /heartbeat; never rejects. */
export function probe({ host, port }: Address, timeoutMs: number): Promise<Beat> {
  return new Promise((resolve) => {
    let settled = false;
    const settle = (beat: Beat): void => {
      settled = true;
      clearTimeout(timer);
      resolve(beat);
    };
    const ask = (): ClientRequest => {
      const request = get({ host, port, path: '/heartbeat', agent, family: 4 }, (response) => {
        response.resume();
        response.on('end', () => {
          settle(response.statusCode === 200 ? 'ok' : 'wrong');
        });
      });
      return request.on('error', ({ code }: NodeJS.ErrnoException) => {
        // A kept connection that is closed just as it is used says nothing yet; a new one does.
        if (request.reusedSocket && !settled) asked = ask();
        else settle(code === 'ECONNREFUSED' ? 'gone' : 'wrong');
      });
    };
    const due = performance.now() + timeoutMs;
    const timer = setTimeout(() => {
      const lagged = performance.now() - due > LAG_MS;
      // Node calls timers before it reads: an answer that came while this process was busy is read first.
      setImmediate(() => {
        settle(lagged ? 'late' : 'missed');
        asked.destroy();
      });
    }, timeoutMs);
    let asked = ask();
  });
}
