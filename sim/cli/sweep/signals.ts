/** Signals that ask a sweep to end. */
import { constants } from 'node:os';

/** A process that a signal ended exits with this and the signal's number. */
export const SIGNAL_EXIT = 128;

const ENDING = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Calls back with the number of the first signal; those after it are met with patience.
 * @returns what stops listening
 */
export function onSignal(end: (signal: number) => unknown): () => void {
  let ending = false;
  const listen = (signal: NodeJS.Signals): void => {
    if (ending) return;
    ending = true;
    end(constants.signals[signal]);
  };
  for (const signal of ENDING) process.on(signal, listen);
  return () => {
    for (const signal of ENDING) process.off(signal, listen);
  };
}
