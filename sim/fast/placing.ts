/** Where the requests of a block go and when their service begins: the policy's picks, and the servers that take them. */
import { balancerOf } from '../../core/resolve.ts';
import type { Scenario } from '../../core/scenario.ts';
import type { Tables } from '../../core/tables.ts';
import type { Balancer, Key, Request } from '../../core/types.ts';
import { columns } from '../columns.ts';
import type { Draws } from './draws.ts';
import { FewServers } from './few-servers.ts';
import { FEW, PlacingCandidates, PlacingFew } from './few.ts';
import { Lindley } from './lindley.ts';
import { AmongMany } from './many.ts';
import { enter } from './servers.ts';
import type { Line, Servers } from './servers.ts';
import { SingleWorkers } from './single.ts';
import { pace, speedsOf } from './speeds.ts';
import type { Speeds } from './speeds.ts';
import { Stations } from './stations.ts';

const { handles, arrivedMs } = columns;

/** Finds a place for each request of a block. */
export interface Placing {
  /** Enters where each of them goes and when its service begins, NaN where it is turned away; returns how many are. */
  place(count: number): number;
  /** False when it cannot tell whether a queue was full. */
  readonly sure: boolean;
}

/** The scenario's balancer without members, and its servers. */
export function placingOf(
  s: Scenario,
  tables: Tables,
  draws: Draws,
  exact: boolean,
): { balancer: Balancer; placing: Placing } {
  if (tables.policies.choose(s.policy).entry.sees === 'nothing') {
    const balancer = balancerOf(s, tables);
    return { balancer, placing: new Blindly(balancer, lineOf(s, exact), draws, s) };
  }
  const asker = new Asker(draws);
  const servers = areFew(s, tables) ? new FewServers(s.replicas, s.queue, speedsOf(s)) : serversOf(s);
  const balancer = balancerOf(s, tables, servers.inFlight);
  return { balancer, placing: watching(servers, balancer, asker, s) };
}

/** Whether each can be looked at before every pick, or only the candidates need be. */
function areFew(s: Scenario, tables: Tables): boolean {
  if (s.workers > 1 || !FewServers.suit(s.replicas, s.queue)) return false;
  return s.replicas <= FEW || balancerOf(s, tables).candidates !== undefined;
}

function watching(servers: Servers | FewServers, balancer: Balancer, asker: Asker, s: Scenario): Placing {
  if (!(servers instanceof FewServers))
    return balancer.candidates === undefined
      ? new OneByOne(balancer, servers, asker, s)
      : new AmongMany(balancer.candidates, servers, s);
  if (balancer.candidates === undefined) return new PlacingFew(servers, balancer, asker, s.refuse);
  return new PlacingCandidates(servers, balancer.candidates, s.refuse);
}

function lineOf({ replicas, workers, queue }: Scenario, exact: boolean): Line {
  if (workers > 1) return new Stations(replicas, workers, queue);
  return Lindley.suits(queue) && !exact ? new Lindley(replicas, queue) : new SingleWorkers(replicas, queue);
}

function serversOf({ replicas, workers, queue }: Scenario): Servers {
  return workers > 1 ? new Stations(replicas, workers, queue) : new SingleWorkers(replicas, queue);
}

/** Where neither time nor load decides: all picks first. */
class Blindly implements Placing {
  readonly #balancer: Balancer;
  readonly #servers: Line;
  readonly #draws: Draws;
  readonly #request: Asker;
  readonly #speeds: Speeds | undefined;

  constructor(balancer: Balancer, servers: Line, draws: Draws, s: Scenario) {
    this.#request = new Asker(draws);
    this.#speeds = speedsOf(s);
    this.#balancer = balancer;
    this.#servers = servers;
    this.#draws = draws;
  }

  get sure(): boolean {
    return this.#servers.sure;
  }

  place(count: number): number {
    if (this.#balancer.picks !== undefined) this.#balancer.picks(this.#draws.keys, handles, count);
    else this.#pickEach(count);
    if (this.#speeds !== undefined) pace(count, this.#speeds);
    return this.#servers.serve(count);
  }

  #pickEach(count: number): void {
    for (let i = 0; i < count; i++) {
      this.#request.at = i;
      handles[i] = this.#balancer.pick(this.#request, arrivedMs[i]);
    }
  }
}

/** The request of a block that is being placed. */
export class Asker implements Request {
  readonly #draws: Draws;
  at = 0;

  constructor(draws: Draws) {
    this.#draws = draws;
  }

  get key(): Key {
    return this.#draws.keys()[this.at];
  }
}

/** Where a pick depends on those before it. */
class OneByOne implements Placing {
  readonly sure = true;
  readonly #balancer: Balancer;
  readonly #servers: Servers;
  readonly #request: Asker;
  readonly #speeds: Speeds | undefined;
  readonly #refuseMs: number;

  constructor(balancer: Balancer, servers: Servers, request: Asker, s: Scenario) {
    this.#balancer = balancer;
    this.#servers = servers;
    this.#request = request;
    this.#speeds = speedsOf(s);
    this.#refuseMs = s.refuse;
  }

  place(count: number): number {
    const balancer = this.#balancer;
    const servers = this.#servers;
    const request = this.#request;
    let refused = 0;
    for (let i = 0; i < count; i++) {
      request.at = i;
      const handle = balancer.pick(request, arrivedMs[i]);
      refused += enter(servers, handle, i, this.#speeds, this.#refuseMs);
    }
    return refused;
  }
}
