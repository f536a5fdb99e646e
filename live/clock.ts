/** Time since the start of a run, in ms and whole microseconds, so that its digits are few and survive a recording. */
import { performance } from 'node:perf_hooks';

/** A clock that begins now and never goes back. */
export function clock(): () => number {
  const start = performance.now();
  return () => Math.round((performance.now() - start) * 1000) / 1000;
}
