/** A supervisor on the process driver in a directory of its own, and a client of its control socket. */
import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { processDriver } from '../../../live/driver/process.ts';
import type { ProcessOptions } from '../../../live/driver/process.ts';
import type { Supervisor, SupervisorOptions } from '../../../live/supervisor/supervisor.ts';
import { supervise } from '../../../live/supervisor/supervisor.ts';
import type { Driver, Member } from '../../../live/types.ts';

export interface Stack {
  readonly supervisor: Supervisor;
  readonly driver: Driver;
  readonly control: string;
  /** Names of the replicas that serve, in order of handles. */
  names(): string[];
  ready(): Member[];
  close(): Promise<void>;
}

/** Starts N replicas and waits until they serve, or for so long. */
export async function startStack(
  options: Partial<SupervisorOptions> = {},
  process: ProcessOptions = {},
  withinMs = 10_000,
): Promise<Stack> {
  const directory = mkdtempSync(join(tmpdir(), 'evenly-'));
  const control = join(directory, 'control.sock');
  const driver = processDriver(process);
  const supervisor = await supervise(driver, { control, drainMs: 10, ...options }, () => undefined);
  await supervisor.complete(withinMs);
  const ready = (): Member[] => supervisor.snapshot.members.filter(({ state }) => state === 'ready');
  return {
    supervisor,
    driver,
    control,
    ready,
    names: () => ready().map(({ name }) => name),
    async close() {
      await supervisor.close();
      rmSync(directory, { recursive: true });
    },
  };
}

export interface Reply {
  readonly status: number;
  readonly body: { message: string | { N: number; replicas: string[] }; status: string };
}

/** One call of the control protocol; `payload` is sent as it is when it is a string. */
export function call(
  control: string,
  method: string,
  path: string,
  payload: unknown,
  contentType = 'application/json',
): Promise<Reply> {
  const text = typeof payload === 'string' ? payload : JSON.stringify(payload);
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        socketPath: control,
        method,
        path,
        headers: { 'content-type': contentType, 'content-length': Buffer.byteLength(text) },
      },
      (response) => {
        let read = '';
        response.on('data', (chunk: Buffer) => (read += chunk.toString()));
        response.on('end', () => {
          resolve({
            status: response.statusCode ?? 0,
            body: (read === '' ? {} : JSON.parse(read)) as Reply['body'],
          });
        });
      },
    );
    sent.on('error', reject);
    sent.end(text);
  });
}

/** Waits until it holds, and says how many ms that took. */
export async function until(holds: () => boolean, withinMs = 10_000): Promise<number> {
  const start = performance.now();
  while (!holds()) {
    if (performance.now() - start > withinMs) throw new Error(`it did not hold within ${withinMs} ms`);
    await sleep(5);
  }
  return performance.now() - start;
}
