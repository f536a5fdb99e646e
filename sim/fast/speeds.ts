/** Servers of different speeds: what a request asks for is work, and its service takes as long as its server needs. */
import { dealt } from '../../core/load.ts';
import type { Scenario } from '../../core/scenario.ts';
import { columns } from '../columns.ts';

const { handles, serviceMs } = columns;

/** By server, work in ms that it does in a ms. */
export type Speeds = Float64Array;

/** None where all work at the speed of 1. */
export function speedsOf(s: Scenario): Speeds | undefined {
  const speedOf = dealt(s.speeds);
  const speeds = Float64Array.from({ length: s.replicas }, (_, server) => speedOf(server));
  return speeds.every((speed) => speed === 1) ? undefined : speeds;
}

/** Makes service times of the work in the column, of requests that all have their server. */
export function pace(count: number, speeds: Speeds): void {
  for (let i = 0; i < count; i++) serviceMs[i] /= speeds[handles[i]];
}
