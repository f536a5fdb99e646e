/** One gateway as a process: what it is told as it starts, how it says that it listens, and its end. */
import type { ChildProcess } from 'node:child_process';
import { InputError } from '../core/input-error.ts';
import { knobs } from '../core/scenario.ts';
import { failoverShape } from './gateway/failover-options.ts';
import { turnable } from './gateway/turn.ts';
import type { Turned } from './relay.ts';
import type { Listening, PeerMessage } from './types.ts';

/** A request may last so long after it was told to end. */
const CLOSE_MS = 4000;

/** The flags that turn a gateway to what was turned before it started. */
export function flagsOf({ changes: turned, weightsById }: Turned): string[] {
  const decides = turnable.filter((field) => field in turned).flatMap((field) => [`--${knobs[field].flag}`, String(turned[field])]); // prettier-ignore
  const limits = Object.keys(failoverShape).filter((field) => field in turned);
  const flag = (field: string): string =>
    `--${field.replace(/[A-Z]/g, (capital) => `-${capital.toLowerCase()}`)}`;
  const weights = Object.entries(weightsById).map((pair) => pair.join('='));
  return [
    ...decides,
    ...limits.flatMap((field) => [flag(field), String(turned[field])]),
    ...(weights.length === 0 ? [] : ['--weights-by-id', weights.join(',')]),
  ];
}

/** What it says while it starts is passed on; when it cannot, it is passed on where `isHeard`, and else the error's sentence. */
export function listening(worker: ChildProcess, isHeard: () => boolean): Promise<Listening> {
  const { stderr } = worker;
  return new Promise((resolve, reject) => {
    let said = '';
    const hear = (text: Buffer): void => {
      said += text.toString();
    };
    const pass = (): void => {
      stderr?.off('data', hear).pipe(process.stderr);
      process.stderr.write(said);
      said = '';
    };
    stderr?.on('data', hear);
    worker.on('message', (message: Listening | PeerMessage) => {
      if (message.type !== 'listening') return;
      pass();
      resolve(message);
    });
    worker.once('error', ({ message }) => {
      if (worker.pid === undefined) reject(new InputError(`The gateway cannot start: ${message}.`));
    });
    worker.once('exit', (code, signal: string | null) => {
      if (isHeard()) pass();
      reject(new InputError(said.trim() || `The gateway ended with ${signal ?? code}.`));
    });
  });
}

/** Ends one; what is under way is finished. */
export async function end(child: ChildProcess): Promise<void> {
  const force = setTimeout(() => child.kill('SIGKILL'), CLOSE_MS);
  child.kill('SIGTERM');
  await exited(child);
  clearTimeout(force);
}

/** Resolves when it has ended. */
export function exited(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once('exit', () => {
      resolve();
    });
  });
}
