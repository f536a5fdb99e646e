/** A few servers of one worker each, whose requests in flight are counted as time goes on: for policies that look at them. */
import type { Balancer, Load } from '../../core/types.ts';
import { columns } from '../columns.ts';
import type { Asker, Placing } from './placing.ts';
import { TimeLists } from './time-lists.ts';

const { handles, arrivedMs, serviceMs, beginMs } = columns;

/** A look at each costs more than one at those that a policy asks for when they are more. */
const FEW = 16;
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

  /** Whether there are few enough of them. */
  static suit(servers: number, room: number): boolean {
    return servers <= FEW && room < MOST_PLACES && servers * placesOf(room) <= MOST_PLACES;
  }

  constructor(servers: number, room: number) {
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
    const { rings, heads, counts, nextMs, lastMs, places, room } = servers;
    const mask = places - 1;
    const balancer = this.#balancer;
    const request = this.#request;
    const arrivals = arrivedMs;
    const services = serviceMs;
    const picked = handles;
    const begins = beginMs;
    let refused = 0;
    for (let i = 0; i < count; i++) {
      const now = arrivals[i];
      for (let server = 0; server < nextMs.length; server++)
        if (nextMs[server] <= now) depart(servers, server, now);
      request.at = i;
      const server = balancer.pick(request, now);
      const inFlight = counts[server];
      picked[i] = server;
      if (inFlight > room) {
        begins[i] = NaN;
        servers.refuse(server, now + this.#refuseMs);
        refused++;
        continue;
      }
      const begin = inFlight === 0 ? now : lastMs[server];
      const ends = begin + services[i];
      begins[i] = begin;
      if (inFlight === 0) {
        heads[server] = 0; // what is used of a ring stays in the nearest cache
        nextMs[server] = ends;
      }
      rings[server * places + ((heads[server] + inFlight) & mask)] = ends;
      lastMs[server] = ends;
      counts[server] = inFlight + 1;
    }
    return refused;
  }
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
