/** What a queueing discipline does with the tries at the servers; the servers are known by their handles. */
import type { Kernel, Kind } from './kernel.ts';
import type { Tries } from './tries.ts';

/** What became of a try that was offered; `shut` when the server is dead or cut off. */
export type Offer = 'serve' | 'wait' | 'full' | 'shut';

/**
 * How the try that left a server last had fared there: when its service began, Infinity if it had not, and how long it
 * kept a worker busy. One record that is written anew, since numbers that are handed over are numbers that are allocated.
 */
export interface Visit {
  handle: number;
  beganMs: number;
  busyMs: number;
}

/** A visit that was the answer of its request, which came first or only: its place in the order of arrival, and when it came and ended. */
export interface Stay extends Visit {
  order: number;
  arrivedMs: number;
  endMs: number;
}

/** What servers of a run have in common. */
export interface Floor {
  readonly kernel: Kernel;
  readonly tries: Tries;
  readonly visit: Visit;
  /** The kind of event that ends a service: what the discipline calls it, and the plan that it is of. */
  readonly departure: Kind;
  readonly workers: number;
  /** Tries that may wait. */
  readonly room: number;
  /** Servers that there are to begin with. */
  readonly servers: number;
}

/** All servers of a run: what is looked at for every request lies side by side, not in an object each. */
export interface Discipline {
  /** A server more; handles come in order, from 0. Its rate is work in ms that a worker does in a ms. */
  join(handle: number, rate: number): void;
  /** Takes the try into service or into the queue, or turns it away. */
  offer(handle: number, row: number): Offer;
  /** Ends a service as planned, and says of which try in the visit; NONE where the plan is void. */
  complete(subject: number, plan: number): number;
  /** Lets go of a try that waits or is in service. False where its row is still in a queue, which will release it. */
  withdraw(handle: number, row: number, now: number): boolean;
  /** Empties a server; tells of what was in service, then of what waited, oldest first, each with its visit. */
  fail(handle: number, now: number, each: (row: number) => void): void;
  /** When the service of a try there began, Infinity while it waits. */
  beganMs(handle: number, row: number): number;
  /** Time that its workers have been busy with what is in service now, and was not recorded yet. */
  busyMs(handle: number, now: number): number;
  /** It goes on at another rate, from now; 0 while it hangs. */
  change(handle: number, rate: number, now: number): void;
  /** Whether nobody can be offered to it. */
  shut(handle: number, yes: boolean): void;
  /** Tries waiting or in service, those included that nobody waits for. */
  inFlight(handle: number): number;
}
