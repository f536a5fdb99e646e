/** A few servers of one worker each: their departures to come, side by side in one place of the process. */
import type { Load } from '../../core/types.ts';
import { columns } from '../columns.ts';
import type { Speeds } from './speeds.ts';
import { TimeLists } from './time-lists.ts';

const { handles, arrivedMs, serviceMs, beginMs } = columns;

/** Servers at most, and room for so many departures in all; 8 bytes each. */
const MOST_SERVERS = 4096;
const MOST_PLACES = 0x2_0000;

/**
 * Each server has a ring of the departures to come; the next and the last are kept apart. `heads` says where in its ring
 * a server's next departure is, and `counts` how many there are: its requests in flight. One set serves the process, as
 * `columns.ts` does, so that loops have the addresses compiled in.
 */
export const few = {
  rings: new Float64Array(MOST_PLACES),
  heads: new Int32Array(MOST_SERVERS),
  counts: new Int32Array(MOST_SERVERS),
  nextMs: new Float64Array(MOST_SERVERS),
  lastMs: new Float64Array(MOST_SERVERS),
} as const;

const { rings, heads, counts, nextMs, lastMs } = few;

/** Runs that were begun; the servers are those of the last. */
let runs = 0;

/** Places of a ring that holds all that a server of that queue can have, a power of two. */
const placesOf = (room: number): number => 1 << (32 - Math.clz32(room));

/** The servers of one run, the last that was begun. */
export class FewServers {
  readonly servers: number;
  readonly room: number;
  /** Places of a ring. */
  readonly places: number;
  readonly speeds: Speeds | undefined;
  readonly #run = ++runs;
  /** When those who were turned away know it; none until one is. */
  refused: TimeLists | null = null;

  /** Whether there is room for them. */
  static suit(servers: number, room: number): boolean {
    return servers <= MOST_SERVERS && room < MOST_PLACES && servers * placesOf(room) <= MOST_PLACES;
  }

  constructor(servers: number, room: number, speeds: Speeds | undefined) {
    this.servers = servers;
    this.room = room;
    this.places = placesOf(room);
    this.speeds = speeds;
    for (const column of [heads, counts, lastMs]) column.fill(0, 0, servers);
    nextMs.fill(Infinity, 0, servers);
  }

  readonly inFlight: Load = (server, now) =>
    this.refused === null ? counts[server] : counts[server] + this.refused.after(server, now);

  /** @throws Error when a later run took their place */
  hold(): void {
    if (this.#run !== runs) throw new Error('a run was begun before the one before it was over');
  }

  refuse(server: number, until: number): void {
    this.refused ??= new TimeLists(this.servers);
    this.refused.push(server, until);
  }
}

/** Enters where the i-th request of the block goes and when its service begins; returns 1 when it is turned away. */
export function enter(servers: FewServers, server: number, i: number, refuseMs: number): number {
  const { places, room, speeds } = servers;
  const now = arrivedMs[i];
  const inFlight = counts[server];
  handles[i] = server;
  if (inFlight > room) {
    beginMs[i] = NaN;
    servers.refuse(server, now + refuseMs);
    return 1;
  }
  if (speeds !== undefined) serviceMs[i] /= speeds[server];
  const begin = inFlight === 0 ? now : lastMs[server];
  const ends = begin + serviceMs[i];
  beginMs[i] = begin;
  if (inFlight === 0) {
    heads[server] = 0; // what is used of a ring stays in the nearest cache
    nextMs[server] = ends;
  }
  rings[server * places + ((heads[server] + inFlight) & (places - 1))] = ends;
  lastMs[server] = ends;
  counts[server] = inFlight + 1;
  return 0;
}

/** Lets go of what departs until now, of a server of which something does. */
export function depart(places: number, server: number, now: number): void {
  const begin = server * places;
  let head = heads[server];
  let count = counts[server];
  do {
    head = (head + 1) & (places - 1);
    count--;
  } while (count > 0 && rings[begin + head] <= now);
  heads[server] = head;
  counts[server] = count;
  nextMs[server] = count === 0 ? Infinity : rings[begin + head];
}
