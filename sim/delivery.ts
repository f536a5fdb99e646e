/** Tries on their way: to a replica, through it, and back, until they are answered or given up. */
import { stream } from '../core/random/stream.ts';
import { samplerOf } from '../core/resolve.ts';
import type { Tables } from '../core/tables.ts';
import { NONE } from '../core/types.ts';
import type { Outcome } from '../core/types.ts';
import { Chains } from './chains.ts';
import { Ejection } from './ejection.ts';
import type { Kind } from './kernel.ts';
import { Probes } from './probes.ts';
import { BALANCER, LATEST, ORDER as PLACE, PATIENT_UNTIL, WORK } from './requests.ts';
import type { Requests } from './requests.ts';
import type { Floor, Server } from './server.ts';
import type { Stage } from './stage.ts';
import * as at from './tries.ts';

/** Outcomes by the number that an event carries. */
const OUTCOMES: readonly Outcome[] = ['ok', 'rejected', 'refused', 'lost'];
const OK = 0;
const REJECTED = 1;
const REFUSED = 2;
const LOST = 3;

/** Hears of the end of a request's try when the balancer knows of it; its row may be used again after the call. */
export type Ended = (request: number, row: number, outcome: Outcome, now: number) => void;

/** What carries tries between balancers and replicas. */
export class Delivery {
  readonly tries = new at.Tries();
  readonly floor: Floor;
  readonly probes: Probes | undefined;

  readonly #stage: Stage;
  readonly #requests: Requests;
  readonly #ended: Ended;
  readonly #network: (() => number) | undefined;
  readonly #impatient: boolean;
  readonly #chains: Chains | undefined;
  readonly #ejection: Ejection | undefined;
  readonly #reach: Kind;
  readonly #answer: Kind;
  readonly #timeout: Kind;
  readonly #impatience: Kind;

  constructor(stage: Stage, requests: Requests, ended: Ended, tables: Tables) {
    const { kernel, members, scenario: s } = stage;
    const { tries } = this;
    this.#stage = stage;
    this.#requests = requests;
    this.#ended = ended;
    const law = samplerOf(s.network, tables);
    const random = stream(s.seed, 'network');
    this.#network = law && ((): number => law(random));
    this.#impatient = s.patience !== 'none';
    this.#chains = s.retries > 0 || s.hedge !== 'none' ? new Chains(requests) : undefined;
    this.#ejection = s.ejectAfter > 0 ? new Ejection(stage) : undefined;
    this.probes = Probes.wanted(members.balancers) ? new Probes(stage, this.#network) : undefined;

    const departure = kernel.kind((row, plan, now) => {
      if (tries.ints[row + at.PLAN] === plan) this.#depart(row, now);
    });
    this.#reach = kernel.kind((row, _detail, now) => {
      this.#offer(row, now);
    });
    this.#answer = kernel.kind((row, outcome, now) => {
      this.#receive(row, outcome, now);
    });
    this.#timeout = kernel.kind((row, use, now) => {
      if (tries.ints[row + at.USE] === use) this.#giveUp(row, now);
    });
    this.#impatience = kernel.kind((row, use, now) => {
      if (tries.ints[row + at.USE] === use && tries.ints[row + at.STATE] === at.WAITING)
        this.#abandon(row, now);
    });
    this.floor = { kernel, tries, departure, workers: s.workers, room: s.queue };
  }

  /** Sends a request to a replica; both draws of the network are made now, in the order of sending. */
  send(request: number, handle: number, now: number): void {
    const { kernel, members, recorder, scenario } = this.#stage;
    const { tries } = this;
    const { ints } = this.#requests;
    const row = tries.take(request, ints[request + PLACE], handle, now);
    this.#chains?.add(request, row);
    recorder.picked(handle, now);
    members.balancers[ints[request + BALANCER]].started(handle, now);
    if (scenario.timeout > 0) kernel.at(now + scenario.timeout, this.#timeout, row, tries.ints[row + at.USE]);
    if (!this.#network) {
      this.#offer(row, now);
      return;
    }
    kernel.at(now + this.#network(), this.#reach, row);
    tries.ms[row + at.BACK] = this.#network();
  }

  /** Gives up all tries of a request that has its answer. */
  cancel(request: number, now: number): void {
    const { ints } = this.tries;
    for (let row; (row = this.#requests.ints[request + LATEST]) !== NONE;) {
      this.#close(row, 'cancelled', now);
      this.#stage.recorder.failedTry(ints[row + at.HANDLE], ints[row + at.ORDER], 0, now);
      this.#withdraw(row, now);
    }
  }

  /** Ends everything that was at a replica when it failed. */
  lose(server: Server, now: number): void {
    server.alive = false;
    for (const row of server.fail(now)) this.#respond(row, LOST, now);
  }

  /** A replica can be reached again: what was held up arrives now, in order. */
  release(server: Server, now: number): void {
    server.reachable = true;
    const { ints } = this.tries;
    for (const row of server.release()) {
      if (ints[row + at.STATE] === at.SENT) this.#offer(row, now);
      else this.#receive(row, ints[row + at.NEXT], now);
    }
  }

  /** A try is at the replica's door. */
  #offer(row: number, now: number): void {
    const { kernel, scenario, servers } = this.#stage;
    const { ints, ms } = this.tries;
    const server = servers[ints[row + at.HANDLE]];
    const of = ints[row + at.REQUEST];
    if (!server.reachable) server.hold(row);
    else if (of === NONE && scenario.cancel !== 'none') this.#forget(row);
    else if (!server.alive) this.#respond(row, REFUSED, now + scenario.refuse);
    else {
      const offer = server.offer(row, of === NONE ? ms[row + at.LEFT] : this.#requests.ms[of + WORK], now);
      if (offer !== 'full') this.probes?.arrived(row, this.tries, server);
      if (offer === 'full') this.#respond(row, REJECTED, now + scenario.refuse);
      else if (this.#impatient && offer === 'wait' && of !== NONE) {
        const until = Math.max(now, this.#requests.ms[of + PATIENT_UNTIL]);
        kernel.at(until, this.#impatience, row, ints[row + at.USE]);
      }
    }
  }

  #depart(row: number, now: number): void {
    const server = this.#stage.servers[this.tries.ints[row + at.HANDLE]];
    server.complete(row, now);
    this.probes?.served(row, this.tries, now);
    if (this.#network) this.#respond(row, OK, now);
    else this.#receive(row, OK, now);
    if (server.inFlight === 0) this.probes?.idle(server, now);
  }

  /** An answer, or the news of a failure, sets out at that time. */
  #respond(row: number, outcome: number, time: number): void {
    const { ints, ms } = this.tries;
    ints[row + at.STATE] = at.ANSWERED;
    ints[row + at.PLAN]++;
    this.#stage.kernel.at(this.#network ? time + ms[row + at.BACK] : time, this.#answer, row, outcome);
  }

  /** The balancer has an answer. */
  #receive(row: number, outcome: number, now: number): void {
    const { ints } = this.tries;
    const server = this.#stage.servers[ints[row + at.HANDLE]];
    const of = ints[row + at.REQUEST];
    if (!server.reachable) {
      ints[row + at.STATE] = at.ANSWERED;
      ints[row + at.NEXT] = outcome;
      server.hold(row);
      return;
    }
    if (of === NONE) this.#forget(row);
    else {
      this.#close(row, OUTCOMES[outcome], now);
      this.#ended(of, row, OUTCOMES[outcome], now);
      this.tries.release(row);
    }
  }

  /** Tells balancer and recorder of a try's end, and takes it from its request. */
  #close(row: number, outcome: Outcome, now: number): void {
    const { members } = this.#stage;
    const { ints, ms } = this.tries;
    const of = ints[row + at.REQUEST];
    const handle = ints[row + at.HANDLE];
    const n = this.#requests.ints[of + BALANCER];
    this.#chains?.remove(of, row);
    members.balancers[n].finished(handle, now, outcome, now - ms[row + at.SENT_AT]);
    this.#ejection?.ended(n, handle, outcome, now);
  }

  /** The time for an answer is over, though the replica may not know. */
  #giveUp(row: number, now: number): void {
    const request = this.tries.ints[row + at.REQUEST];
    if (request === NONE) return;
    this.#close(row, 'timeout', now);
    this.#withdraw(row, now);
    this.#ended(request, row, 'timeout', now);
  }

  /** A client who leaves takes the place in the queue along. */
  #abandon(row: number, now: number): void {
    const request = this.tries.ints[row + at.REQUEST];
    if (request === NONE) return;
    this.#stage.servers[this.tries.ints[row + at.HANDLE]].withdraw(row, now);
    this.#close(row, 'abandoned', now);
    this.#ended(request, row, 'abandoned', now);
    this.tries.release(row);
  }

  /** Drops a try at its replica if it hears of that and can; the news takes no time. Otherwise it ends as it would. */
  #withdraw(row: number, now: number): void {
    const { scenario, servers } = this.#stage;
    const { ints, ms } = this.tries;
    const waits = ints[row + at.STATE] === at.WAITING;
    const server = servers[ints[row + at.HANDLE]];
    const there = (waits || ints[row + at.STATE] === at.SERVING) && server.reachable;
    if (there && (scenario.cancel === 'all' || (waits && scenario.cancel === 'waiting'))) {
      server.withdraw(row, now);
      this.#forget(row);
      if (server.inFlight === 0) this.probes?.idle(server, now);
      return;
    }
    if (ints[row + at.STATE] === at.SENT)
      ms[row + at.LEFT] = this.#requests.ms[ints[row + at.REQUEST] + WORK];
    ints[row + at.REQUEST] = NONE;
  }

  /** The end of a try that nobody waits for; what it kept busy was for nothing. */
  #forget(row: number): void {
    const { ints, ms } = this.tries;
    this.#stage.recorder.wasted(ints[row + at.HANDLE], ints[row + at.ORDER], ms[row + at.BUSY]);
    this.tries.release(row);
  }
}
