/** Tries on their way: to a replica, through it, and back, until they are answered or given up. */
import { stream } from '../core/random/stream.ts';
import { samplerOf } from '../core/resolve.ts';
import type { Scenario } from '../core/scenario.ts';
import type { Tables } from '../core/tables.ts';
import { NONE } from '../core/types.ts';
import type { Outcome } from '../core/types.ts';
import { Ahead } from './ahead.ts';
import type { Discipline } from './discipline.ts';
import type { Kernel, Kind } from './kernel.ts';
import { Notices } from './notices.ts';
import { Probes } from './probes.ts';
import { Queues } from './queues.ts';
import { LATEST } from './requests.ts';
import type { Requests } from './requests.ts';
import type { Server } from './server.ts';
import { Shares } from './shares.ts';
import type { Stage } from './stage.ts';
import * as at from './tries.ts';

/** Outcomes by the number that an event carries. */
const OUTCOMES: readonly Outcome[] = ['ok', 'rejected', 'refused', 'lost'];
const [OK, REJECTED, REFUSED, LOST] = [0, 1, 2, 3];

/** Hears of the end of a try when the balancer knows of it, and whose it was; its row may be used again after the call. */
export type Ended = (owner: number, row: number, outcome: Outcome, now: number) => void;

/** What carries tries between balancers and replicas. */
export class Delivery {
  readonly tries = new at.Tries();
  readonly discipline: Discipline;
  readonly probes: Probes | undefined;

  readonly #kernel: Kernel;
  readonly #servers: readonly Server[];
  readonly #notices: Notices;
  readonly #ended: Ended;
  readonly #network: Ahead | undefined;
  readonly #timeoutMs: number;
  readonly #refuseMs: number;
  readonly #cancel: Scenario['cancel'];
  readonly #impatient: boolean;
  readonly #partitions: boolean;
  readonly #reach: Kind;
  readonly #answer: Kind;
  readonly #timeout: Kind;
  readonly #impatience: Kind;

  constructor(stage: Stage, requests: Requests | undefined, ended: Ended, tables: Tables) {
    const { kernel, members, scenario: s } = stage;
    const { tries } = this;
    this.#kernel = kernel;
    this.#servers = stage.servers;
    this.#notices = new Notices(stage, tries, requests);
    this.#ended = ended;
    const law = samplerOf(s.network, tables);
    const network = law && new Ahead(law, stream(s.seed, 'network'));
    this.#network = network;
    this.#timeoutMs = s.timeout;
    this.#refuseMs = s.refuse;
    this.#cancel = s.cancel;
    this.#impatient = s.patience !== 'none';
    this.#partitions = s.partitionAt !== '';
    this.probes = Probes.wanted(members.balancers)
      ? new Probes(stage, network && ((): number => network.next()))
      : undefined;

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
    const floor = { kernel, tries, departure, workers: s.workers, room: s.queue };
    this.discipline = s.discipline === 'ps' ? new Shares(floor) : new Queues(floor);
  }

  /** Sends a try of the n-th balancer; both draws of the network are made now, in the order of sending. */
  send(row: number, n: number, now: number): void {
    const { ints, ms } = this.tries;
    this.#notices.sent(row, n, now);
    if (this.#timeoutMs > 0) this.#kernel.at(now + this.#timeoutMs, this.#timeout, row, ints[row + at.USE]);
    if (this.#network === undefined) {
      this.#offer(row, now);
      return;
    }
    this.#kernel.at(now + this.#network.next(), this.#reach, row);
    ms[row + at.BACK] = this.#network.next();
  }

  /** Gives up all tries of a request that has its answer. */
  cancel({ ints }: Requests, request: number, now: number): void {
    for (let row; (row = ints[request + LATEST]) !== NONE;) {
      this.#notices.cancelled(row, now);
      this.#withdraw(row, now);
    }
  }

  /** Ends everything that was at a replica when it failed. */
  lose(server: Server, now: number): void {
    server.alive = false;
    for (const row of this.discipline.fail(server.replica.handle, now)) this.#respond(row, LOST, now);
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
    const { ints, ms } = this.tries;
    const handle = ints[row + at.HANDLE];
    const forgotten = ints[row + at.OWNER] === NONE;
    if (forgotten && this.#cancel !== 'none' && this.#servers[handle].reachable) {
      this.#forget(row);
      return;
    }
    const until = ms[row + at.PATIENT_UNTIL];
    const offer = this.discipline.offer(handle, row, now);
    if (offer === 'shut') this.#knockInVain(row, now);
    else if (offer === 'full') this.#respond(row, REJECTED, now + this.#refuseMs);
    else {
      this.probes?.arrived(row, this.tries, this.#servers[handle]);
      if (this.#impatient && offer === 'wait' && !forgotten)
        this.#kernel.at(Math.max(now, until), this.#impatience, row, ints[row + at.USE]);
    }
  }

  /** A try is at the door of a replica that is dead, or cannot be reached. */
  #knockInVain(row: number, now: number): void {
    const server = this.#servers[this.tries.ints[row + at.HANDLE]];
    if (!server.reachable) server.hold(row);
    else this.#respond(row, REFUSED, now + this.#refuseMs);
  }

  #depart(row: number, now: number): void {
    const handle = this.tries.ints[row + at.HANDLE];
    this.discipline.complete(handle, row, now);
    this.probes?.served(row, this.tries, now);
    if (this.#network) this.#respond(row, OK, now);
    else this.#receive(row, OK, now);
    if (this.probes && this.discipline.inFlight(handle) === 0) this.probes.idle(this.#servers[handle], now);
  }

  /** An answer, or the news of a failure, sets out at that time. */
  #respond(row: number, outcome: number, time: number): void {
    const { ints, ms } = this.tries;
    ints[row + at.STATE] = at.ANSWERED;
    ints[row + at.PLAN]++;
    this.#kernel.at(this.#network ? time + ms[row + at.BACK] : time, this.#answer, row, outcome);
  }

  /** The balancer has an answer, unless a partition is between. */
  #receive(row: number, outcome: number, now: number): void {
    if (this.#partitions && this.#heldUp(row, outcome)) return;
    const owner = this.tries.ints[row + at.OWNER];
    if (owner === NONE) this.#forget(row);
    else {
      this.#notices.ended(row, OUTCOMES[outcome], now);
      this.#ended(owner, row, OUTCOMES[outcome], now);
      this.tries.release(row);
    }
  }

  /** Whether an answer is to wait for the end of a partition. */
  #heldUp(row: number, outcome: number): boolean {
    const { ints } = this.tries;
    const server = this.#servers[ints[row + at.HANDLE]];
    if (server.reachable) return false;
    ints[row + at.STATE] = at.ANSWERED;
    ints[row + at.NEXT] = outcome;
    server.hold(row);
    return true;
  }

  /** The time for an answer is over, though the replica may not know. */
  #giveUp(row: number, now: number): void {
    const owner = this.tries.ints[row + at.OWNER];
    if (owner === NONE) return;
    this.#notices.ended(row, 'timeout', now);
    this.#withdraw(row, now);
    this.#ended(owner, row, 'timeout', now);
  }

  /** A client who leaves takes the place in the queue along. */
  #abandon(row: number, now: number): void {
    const { ints } = this.tries;
    const owner = ints[row + at.OWNER];
    if (owner === NONE) return;
    this.discipline.withdraw(ints[row + at.HANDLE], row, now);
    this.#notices.ended(row, 'abandoned', now);
    this.#ended(owner, row, 'abandoned', now);
    this.tries.release(row);
  }

  /** Drops a try at its replica if it hears of that and can; the news takes no time. Otherwise it ends as it would. */
  #withdraw(row: number, now: number): void {
    const { ints } = this.tries;
    const waits = ints[row + at.STATE] === at.WAITING;
    const server = this.#servers[ints[row + at.HANDLE]];
    const there = (waits || ints[row + at.STATE] === at.SERVING) && server.reachable;
    if (!there || !(this.#cancel === 'all' || (waits && this.#cancel === 'waiting'))) {
      ints[row + at.OWNER] = NONE;
      return;
    }
    this.discipline.withdraw(server.replica.handle, row, now);
    this.#forget(row);
    if (server.inFlight === 0) this.probes?.idle(server, now);
  }

  /** The end of a try that nobody waits for; what it kept busy was for nothing. */
  #forget(row: number): void {
    this.#notices.wasted(row);
    this.tries.release(row);
  }
}
