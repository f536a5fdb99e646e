/** Writes the events of a run to a file, through a buffer that is flushed now and then and at the end. */
import { createWriteStream, openSync } from 'node:fs';
import { InputError } from '../../core/input-error.ts';
import type { Scenario } from '../../core/scenario.ts';
import type { Event, Header, Record } from './events.ts';

const FLUSH_CHARACTERS = 64 * 1024;
const FLUSH_EVERY_MS = 250;

/** A recording that is being made. */
export interface Recorder {
  readonly record: Record;
  /** Writes what is buffered, and ends when the file has it all. */
  close(): Promise<void>;
}

/**
 * Starts a recording. Events are never dropped; a kill -9 loses at most the last quarter of a second.
 * @param onError is told once when the disk is full or worse; recording stops then, and the run goes on
 * @throws InputError when the file cannot be opened
 */
export function recorder(path: string, scenario: Scenario, onError: (error: Error) => void): Recorder {
  const file = createWriteStream(path, { fd: opened(path) });
  let buffer = '';
  let broken = false;
  const line = (value: Event | Header): void => {
    if (broken) return;
    buffer += `${JSON.stringify(value)}\n`;
    if (buffer.length >= FLUSH_CHARACTERS) flush();
  };
  const flush = (): void => {
    if (buffer !== '' && !broken) file.write(buffer);
    buffer = '';
  };
  const timer = setInterval(flush, FLUSH_EVERY_MS);
  timer.unref();
  file.on('error', (error) => {
    broken = true;
    onError(error);
  });
  const startedAt = new Date().toISOString();
  line({ evenly: 'events', format: 3, scenario, node: process.version, startedAt });
  return {
    record: line,
    close() {
      clearInterval(timer);
      flush();
      return new Promise((resolve) => {
        if (broken) resolve();
        else file.once('close', resolve).end();
      });
    },
  };
}

function opened(path: string): number {
  try {
    return openSync(path, 'w');
  } catch (error) {
    throw new InputError(
      `The recording '${path}' cannot be written (${(error as NodeJS.ErrnoException).code ?? '?'}).`,
    );
  }
}
