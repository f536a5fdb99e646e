/** One heartbeat (LAB 1.3): asked of a replica over a connection that is kept, answered or not in time. */
import { Agent, get } from 'node:http';

/** `gone`: nothing listens there; `missed`: no answer, or a wrong one; `late`: this process itself was too busy to tell. */
export type Beat = 'ok' | 'missed' | 'gone' | 'late';

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
    const due = performance.now() + timeoutMs;
    const request = get({ host, port, path: '/heartbeat', agent, family: 4 }, (response) => {
      response.resume();
      response.on('end', () => {
        settle(response.statusCode === 200 ? 'ok' : 'missed');
      });
    });
    const timer = setTimeout(() => {
      const lagged = performance.now() - due > LAG_MS;
      // Node calls timers before it reads: an answer that came while this process was busy is read first.
      setImmediate(() => {
        settle(lagged ? 'late' : 'missed');
        request.destroy();
      });
    }, timeoutMs);
    const settle = (beat: Beat): void => {
      clearTimeout(timer);
      resolve(beat);
    };
    request.on('error', ({ code }: NodeJS.ErrnoException) => {
      settle(code === 'ECONNREFUSED' ? 'gone' : 'missed');
    });
  });
}
