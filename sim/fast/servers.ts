/** The servers of a run without a list of events, whatever their kind. */
import type { Load } from '../../core/types.ts';
import { columns } from '../columns.ts';
import type { Speeds } from './speeds.ts';

const { handles, arrivedMs, serviceMs, beginMs } = columns;

/** Known by number from 0 on; `now` never goes back. */
export interface Servers {
  /** Takes a request that comes now; returns when its service begins, or NaN when the queue is full. */
  offer(server: number, now: number, serviceMs: number): number;
  /** These servers are asked about next: it changes nothing, but that what is known of them is near then. */
  fetch(servers: Int32Array, count: number): void;
  /** A request was turned away, which its sender knows only then. */
  refuse(server: number, until: number): void;
  /** Requests in flight: waiting, in service, or turned away and not yet told so. */
  readonly inFlight: Load;
}

/** Servers whose load nobody asks for. */
export interface Line {
  /** Takes all requests of the columns, and enters when their service begins; returns how many it turned away. */
  serve(count: number): number;
  /** False when it cannot tell whether a queue was full. */
  readonly sure: boolean;
}

/** Enters where the i-th request of the block goes and when its service begins; returns 1 when it is turned away. */
export function enter(
  servers: Servers,
  server: number,
  i: number,
  speeds: Speeds | undefined,
  refuseMs: number,
): number {
  const now = arrivedMs[i];
  if (speeds !== undefined) serviceMs[i] /= speeds[server];
  const begin = servers.offer(server, now, serviceMs[i]);
  handles[i] = server;
  beginMs[i] = begin;
  if (begin >= now) return 0;
  servers.refuse(server, now + refuseMs);
  return 1;
}
