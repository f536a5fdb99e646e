/** A few servers of one worker each, whose requests in flight are counted as time goes on: for policies that look at them. */
import type { Balancer, Candidates, Load } from '../../core/types.ts';
import { columns, LONGEST } from '../columns.ts';
import type { Asker, Placing } from './placing.ts';
import type { Speeds } from './speeds.ts';
import { TimeLists } from './time-lists.ts';

const { handles, arrivedMs, serviceMs, beginMs } = columns;

/** A look at each costs more than being told of every change, or than one at those that a policy asks for, when they are more. */
export const FEW = 16;
/** Room for so many departures in all; 8 bytes each. */
const MOST_PLACES = 0x2_0000;

/** Places of a ring that holds all that a server of that queue can have, a power of two. */
const placesOf = (room: number): number => 1 << (32 - Math.clz32(room));

/** What is known of a few servers. Each has a ring of the departures to come; the next and the last are kept apart. */
export class FewServers {
  readonly room: number;
  /** Places of a ring. */
  readonly places: number;
  readonly rings: Float64Array;
  /** Where in its ring a server's next departure is, and how many there are: the requests in flight. */
  readonly heads: Int32Array;
  readonly counts: Int32Array;
  readonly nextMs: Float64Array;
  readonly lastMs: Float64Array;
  /** When those who were turned away know it; none until one is. */
  refused: TimeLists | null = null;
  readonly inFlight: Load;
  readonly speeds: Speeds | undefined;

  /** Whether their rings take no more than a megabyte. */
  static suit(servers: number, room: number): boolean {
    return room < MOST_PLACES && servers * placesOf(room) <= MOST_PLACES;
  }

  constructor(servers: number, room: number, speeds: Speeds | undefined) {
    this.speeds = speeds;
    this.room = room;
    this.places = placesOf(room);
    this.rings = new Float64Array(servers * this.places);
    this.heads = new Int32Array(servers);
    const counts = new Int32Array(servers);
    this.counts = counts;
    this.nextMs = new Float64Array(servers).fill(Infinity);
    this.lastMs = new Float64Array(servers);
    this.inFlight = (server, now) =>
      this.refused === null ? counts[server] : counts[server] + this.refused.after(server, now);
  }

  refuse(server: number, until: number): void {
    this.refused ??= new TimeLists(this.counts.length);
    this.refused.push(server, until);
  }
}

/**
 * The recursion of Lindley (1952), as in `single.ts`, request by request. Before a pick all that departs until now is
 * let go, which takes one look at each server.
 */
export class PlacingFew implements Placing {
  readonly sure = true;
  readonly #servers: FewServers;
  readonly #balancer: Balancer;
  readonly #request: Asker;
  readonly #refuseMs: number;

  constructor(servers: FewServers, balancer: Balancer, request: Asker, refuseMs: number) {
    this.#servers = servers;
    this.#balancer = balancer;
    this.#request = request;
    this.#refuseMs = refuseMs;
  }

  place(count: number): number {
    const servers = this.#servers;
    const { nextMs } = servers;
    const balancer = this.#balancer;
    const request = this.#request;
    const arrivals = arrivedMs;
    let refused = 0;
    for (let i = 0; i < count; i++) {
      const now = arrivals[i];
      for (let server = 0; server < nextMs.length; server++)
        if (nextMs[server] <= now) depart(servers, server, now);
      request.at = i;
      refused += enter(servers, balancer.pick(request, now), i, this.#refuseMs);
    }
    return refused;
  }
}

/** The same where each request has a few candidates: only at these is a look taken. */
export class PlacingCandidates implements Placing {
  readonly sure = true;
  readonly #servers: FewServers;
  readonly #candidates: Candidates;
  readonly #refuseMs: number;
  #drawn = new Int32Array(0);

  constructor(servers: FewServers, candidates: Candidates, refuseMs: number) {
    this.#servers = servers;
    this.#candidates = candidates;
    this.#refuseMs = refuseMs;
  }

  place(count: number): number {
    const servers = this.#servers;
    const { nextMs, counts } = servers;
    const { each } = this.#candidates;
    if (this.#drawn.length < each * count) this.#drawn = new Int32Array(each * LONGEST);
    const drawn = this.#drawn;
    const arrivals = arrivedMs;
    this.#candidates.draw(drawn, count);
    let refused = 0;
    for (let i = 0; i < count; i++) {
      const now = arrivals[i];
      let best = 0;
      let least = Infinity;
      for (let at = i * each; at < (i + 1) * each; at++) {
        const server = drawn[at];
        if (nextMs[server] <= now) depart(servers, server, now);
        const inFlight = servers.refused === null ? counts[server] : servers.inFlight(server, now);
        if (inFlight >= least) continue;
        best = server;
        least = inFlight;
      }
      refused += enter(servers, best, i, this.#refuseMs);
    }
    return refused;
  }
}

/** Enters where the i-th request of the block goes and when its service begins; returns 1 when it is turned away. */
function enter(servers: FewServers, server: number, i: number, refuseMs: number): number {
  const { rings, heads, counts, nextMs, lastMs, places, room, speeds } = servers;
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
function depart({ rings, heads, counts, nextMs, places }: FewServers, server: number, now: number): void {
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
