/** Structured logs: one JSON line an event on stderr, with levels. */
import { pino } from 'pino';
import type { Logger } from 'pino';
import { unknownName } from '../core/input-error.ts';

export type { Logger };

/** From the most to the least talkative; `silent` says nothing. */
export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

/** What a log line must never show, wherever it stands in an object. */
const secrets = ['authorization', 'cookie', 'token', '*.authorization', '*.cookie', '*.token'];

/** Many lines at once: a write for each would cost more than what it tells of. */
const buffer = { sync: false, minLength: 4096, periodicFlush: 250 };

/**
 * A logger of one part of the system. Lines are written at once, so that the last one before a crash is there; with
 * `buffered` they wait up to a quarter of a second, and `flushed` must be called before the end.
 */
export function logger(part: string, level: LogLevel = 'info', buffered = false): Logger {
  const options = {
    level,
    base: { part, pid: process.pid },
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label: string) => ({ level: label }) },
    redact: { paths: secrets, censor: '[hidden]' },
  };
  return pino(options, pino.destination({ dest: 2, ...(buffered ? buffer : { sync: true }) }));
}

/** Resolves when everything that was logged is written. */
export function flushed(log: Logger): Promise<void> {
  return new Promise((resolve) => {
    log.flush(() => {
      resolve();
    });
  });
}

/** Reads a level. @throws InputError with the legal ones and the nearest */
export function logLevel(text: string): LogLevel {
  const level = logLevels.find((name) => name === text);
  if (level === undefined) throw unknownName('log level', text, logLevels);
  return level;
}
