/** The structured log as the plain function that supervisor and drivers take. */
import { logger } from './log.ts';
import type { LogLevel } from './log.ts';
import type { Log } from './types.ts';

/** A log of one part of the system. */
export function logOf(part: string, level: LogLevel): Log {
  const lines = logger(part, level);
  return (severity, event, fields) => {
    lines[severity](fields ?? {}, event);
  };
}
