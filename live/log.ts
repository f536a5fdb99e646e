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

/** A logger of one part of the system. Lines are written at once, so that the last one before a crash is there. */
export function logger(part: string, level: LogLevel = 'info'): Logger {
  const options = {
    level,
    base: { part, pid: process.pid },
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label: string) => ({ level: label }) },
    redact: { paths: secrets, censor: '[hidden]' },
  };
  return pino(options, pino.destination({ dest: 2, sync: true }));
}

/** Reads a level. @throws InputError with the legal ones and the nearest */
export function logLevel(text: string): LogLevel {
  const level = logLevels.find((name) => name === text);
  if (level === undefined) throw unknownName('log level', text, logLevels);
  return level;
}
