/** Picks among a few servers of one worker each, whose requests in flight are counted as time goes on: for policies that look at them. */
import type { Balancer, Candidates } from '../../core/types.ts';
import { columns, LONGEST } from '../columns.ts';
import { depart, enter, few } from './few-servers.ts';
import type { FewServers } from './few-servers.ts';
import type { Asker, Placing } from './placing.ts';

const { arrivedMs } = columns;
const { counts, nextMs } = few;

/** A look at each costs more than being told of every change, or than one at those that a policy asks for, when they are more. */
export const FEW = 16;

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
    const { places, servers: n } = servers;
    const balancer = this.#balancer;
    const request = this.#request;
    const arrivals = arrivedMs;
    const next = nextMs;
    servers.hold();
    let refused = 0;
    for (let i = 0; i < count; i++) {
      const now = arrivals[i];
      for (let server = 0; server < n; server++) if (next[server] <= now) depart(places, server, now);
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
    const { places } = servers;
    const { each } = this.#candidates;
    if (this.#drawn.length < each * count) this.#drawn = new Int32Array(each * LONGEST);
    const drawn = this.#drawn;
    const arrivals = arrivedMs;
    const next = nextMs;
    servers.hold();
    this.#candidates.draw(drawn, count);
    let refused = 0;
    for (let i = 0; i < count; i++) {
      const now = arrivals[i];
      let best = 0;
      let least = Infinity;
      for (let at = i * each; at < (i + 1) * each; at++) {
        const server = drawn[at];
        if (next[server] <= now) depart(places, server, now);
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
