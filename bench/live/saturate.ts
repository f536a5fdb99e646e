/** Load that saturates, by wrk: it sends the next request on each of 32 connections, new each time, as it gets an answer. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { interrupted } from './bench.ts';

/** The number of requests that were answered. @throws Error for an answer that is not a 2xx or 3xx one */
export async function saturate(url: string, forSeconds: number): Promise<number> {
  const args = ['-t1', '-c32', `-d${forSeconds}s`, url];
  const { stdout } = await promisify(execFile)('wrk', args, { signal: interrupted });
  if (stdout.includes('Non-2xx')) throw new Error(stdout);
  return Number(/(\d+) requests in/.exec(stdout)?.[1]);
}
