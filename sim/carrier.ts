/** What carries requests between balancers and replicas, as those see it who make requests and replicas come and go. */
import type { Discipline } from './discipline.ts';
import type { Probes } from './probes.ts';
import type { Server } from './server.ts';

export interface Carrier {
  readonly discipline: Discipline;
  readonly probes: Probes | undefined;
  /** The request of that order comes; the caller has the rest of it. */
  arrived(order: number): void;
  /** Ends everything that was at a replica when it failed. */
  lose(server: Server, now: number): void;
  /** A replica can be reached again: what was held up arrives now, in order. */
  release(server: Server): void;
}

/** What a carrier needs to know of the run's requests, and who hears of their ends. */
export interface Ends {
  /** A request has ended; its client hears of it so many ms later. */
  over(lateMs: number): void;
  /** A request has ended as soon as it came: there was nobody to send it to. */
  unroutable(order: number): void;
}
