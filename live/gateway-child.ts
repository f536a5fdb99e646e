/** The gateway as a child of the supervisor: without its privileges, started again when it dies. */
import type { ChildProcess } from 'node:child_process';
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { InputError } from '../core/input-error.ts';
import type { Listening, Log } from './types.ts';
import type { User } from './unprivileged.ts';

const MAIN = fileURLToPath(new URL('gateway/main.ts', import.meta.url));
/** A request may last so long after it was told to end. */
const CLOSE_MS = 3000;
const MOST_BACKOFF_MS = 5000;

export interface GatewayChild {
  readonly url: string;
  readonly adminUrl: string;
  close(): Promise<void>;
}

/** Resolves when it listens. @throws InputError with its own sentence when it cannot */
export async function startGatewayChild(
  args: readonly string[],
  user: User | undefined,
  log: Log,
): Promise<GatewayChild> {
  let closing = false;
  let failures = 0;
  let child = launch(args, user);
  const { url, adminUrl } = await listening(child);
  guard(child);

  function guard(running: ChildProcess): void {
    running.stderr?.pipe(process.stderr);
    const since = performance.now();
    running.once('exit', (code, signal) => {
      if (closing) return;
      failures = performance.now() - since > MOST_BACKOFF_MS ? 0 : failures + 1;
      const delay = failures === 0 ? 0 : Math.min(MOST_BACKOFF_MS, 50 * 2 ** failures);
      log('error', 'gateway ended, starting it again', { code, signal, delay });
      setTimeout(() => {
        if (closing) return;
        child = launch(args, user);
        guard(child);
      }, delay);
    });
  }

  return {
    url,
    adminUrl,
    close() {
      closing = true;
      return end(child);
    },
  };
}

function launch(args: readonly string[], user: User | undefined): ChildProcess {
  return fork(MAIN, args, {
    ...user,
    execArgv: ['--import', import.meta.resolve('tsx')],
    stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
    detached: true, // Ctrl-C is for the supervisor, which ends its gateway first
  });
}

function listening(child: ChildProcess): Promise<Listening> {
  return new Promise((resolve, reject) => {
    let said = '';
    const hear = (text: Buffer): void => {
      said += text.toString();
    };
    child.stderr?.on('data', hear);
    child.once('error', reject);
    child.once('message', (message) => {
      child.stderr?.off('data', hear);
      process.stderr.write(said);
      resolve(message as Listening);
    });
    child.once('exit', (code, signal) => {
      reject(new InputError(said.trim() || `The gateway ended with ${signal ?? code ?? 'nothing'}.`));
    });
  });
}

function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    const force = setTimeout(() => child.kill('SIGKILL'), CLOSE_MS);
    child.once('exit', () => {
      clearTimeout(force);
      resolve();
    });
    child.kill('SIGTERM');
  });
}
