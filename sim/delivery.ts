/** Tries on their way: to a replica, through it, and back, until they are answered or given up. */
import { stream } from '../core/random/stream.ts';
import { samplerOf } from '../core/resolve.ts';
import type { Scenario } from '../core/scenario.ts';
import type { Tables } from '../core/tables.ts';
import { NONE } from '../core/types.ts';
import type { Outcome } from '../core/types.ts';
import { Ahead } from './ahead.ts';
import type { Discipline, Visit } from './discipline.ts';
import type { Kernel, Kind } from './kernel.ts';
import { Notices } from './notices.ts';
import { Probes } from './probes.ts';
import { Queues } from './queues.ts';
import * as of from './paths.ts';
import { Paths } from './paths.ts';
import { LATEST } from './requests.ts';
import type { Requests } from './requests.ts';
import type { Server } from './server.ts';
import { Shares } from './shares.ts';
import type { Stage } from './stage.ts';
import { Tries } from './tries.ts';

/** Outcomes by the number that an event carries. */
const OUTCOMES: readonly Outcome[] = ['ok', 'rejected', 'refused', 'lost'];
const [OK, REJECTED, REFUSED, LOST] = [0, 1, 2, 3];

/**
 * Hears of the end of a try when the balancer knows of it, and whose it was; how it fared is in the visit. Its row may
 * be used again after the call.
 */
export type Ended = (owner: number, row: number, outcome: Outcome, now: number) => void;

/** What carries tries between balancers and replicas. */
export class Delivery {
  readonly tries = new Tries();
  /** How the try fared that ended last; `handle` is that of its replica. */
  readonly visit: Visit = { handle: NONE, beganMs: Infinity, busyMs: 0 };
  /** None where a request goes there and its answer comes back, and no more. */
  readonly paths: Paths | undefined;
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
    const { tries, visit } = this;
    this.#kernel = kernel;
    this.#servers = stage.servers;
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
    this.paths = Paths.wanted(s) || this.probes ? new Paths() : undefined;
    this.#notices = new Notices(stage, this, requests, tables);

    const departure = kernel.kind((subject, plan, now) => {
      this.#depart(subject, plan, now);
    });
    this.#reach = kernel.kind((row, handle, now) => {
      this.#offer(row, handle, now);
    });
    this.#answer = kernel.kind((row, news, now) => {
      this.#receive(row, news, now);
    });
    this.#timeout = kernel.kind((row, use, now) => {
      if (this.#isOf(row, use)) this.#giveUp(row, now);
    });
    this.#impatience = kernel.kind((row, use, now) => {
      if (this.#isOf(row, use) && this.#waits(row)) this.#abandon(row, now);
    });
    const floor = { kernel, tries, visit, departure, workers: s.workers, room: s.queue };
    this.discipline = s.discipline === 'ps' ? new Shares(floor) : new Queues(floor);
  }

  /** Sends a try of the n-th balancer; both draws of the network are made now, in the order of sending. */
  send(row: number, n: number, handle: number, now: number): void {
    const { paths } = this;
    this.#notices.sent(row, n, handle, now);
    if (paths && this.#timeoutMs > 0)
      this.#kernel.at(now + this.#timeoutMs, this.#timeout, row, paths.ints[paths.at(row) + of.USE]);
    if (this.#network === undefined) {
      this.#offer(row, handle, now);
      return;
    }
    this.#kernel.at(now + this.#network.next(), this.#reach, row, handle);
    const backMs = this.#network.next();
    if (paths) paths.ms[paths.at(row) + of.BACK] = backMs;
  }

  /** Gives up all tries of a request that has its answer. */
  cancel({ ints }: Requests, request: number, now: number): void {
    for (let row; (row = ints[request + LATEST]) !== NONE;) {
      this.#recall(row);
      this.#notices.cancelled(row, now);
      this.#withdraw(row, now);
    }
  }

  /** Ends everything that was at a replica when it failed. */
  lose(server: Server, now: number): void {
    const { handle } = server.replica;
    server.alive = false;
    this.discipline.fail(handle, now, (row) => {
      this.#keep(row);
      this.#respond(row, handle, LOST, now);
    });
  }

  /** A replica can be reached again: what was held up arrives now, in order. */
  release(server: Server, now: number): void {
    server.reachable = true;
    const { handle } = server.replica;
    for (const row of server.release()) {
      if (this.#path(row, of.STATE) === of.SENT) this.#offer(row, handle, now);
      else this.#receive(row, newsOf(handle, this.#path(row, of.OUTCOME)), now);
    }
  }

  /** A try is at the replica's door. */
  #offer(row: number, handle: number, now: number): void {
    const { paths } = this;
    if (paths && this.#cancel !== 'none' && this.#isForgotten(row) && this.#servers[handle].reachable) {
      this.#forget(row);
      return;
    }
    const offer = this.discipline.offer(handle, row, now);
    if (offer === 'shut') this.#knockInVain(row, handle, now);
    else if (offer === 'full') this.#respond(row, handle, REJECTED, now + this.#refuseMs);
    else if (paths) this.#settleIn(paths, row, offer, now);
  }

  #settleIn(paths: Paths, row: number, offer: 'serve' | 'wait', now: number): void {
    const at = paths.at(row);
    paths.ints[at + of.STATE] = of.THERE;
    this.probes?.arrived(at, paths, this.#servers[paths.ints[at + of.HANDLE]]);
    if (!this.#impatient || offer === 'serve' || this.#isForgotten(row)) return;
    const until = paths.ms[at + of.PATIENT_UNTIL];
    this.#kernel.at(Math.max(now, until), this.#impatience, row, paths.ints[at + of.USE]);
  }

  /** A try is at the door of a replica that is dead, or cannot be reached. */
  #knockInVain(row: number, handle: number, now: number): void {
    const server = this.#servers[handle];
    if (!server.reachable) server.hold(row);
    else this.#respond(row, handle, REFUSED, now + this.#refuseMs);
  }

  #depart(subject: number, plan: number, now: number): void {
    const row = this.discipline.complete(subject, plan, now);
    if (row === NONE) return;
    if (this.paths === undefined) this.#end(0, row, 'ok', now);
    else this.#leave(this.paths, row, now);
  }

  /** A try was served; its answer sets out. */
  #leave(paths: Paths, row: number, now: number): void {
    const { handle } = this.visit;
    this.#keep(row);
    this.probes?.served(paths.at(row), paths, now);
    if (this.#network) this.#respond(row, handle, OK, now);
    else this.#receive(row, newsOf(handle, OK), now);
    if (this.probes && this.discipline.inFlight(handle) === 0) this.probes.idle(this.#servers[handle], now);
  }

  /** An answer, or the news of a failure, sets out at that time. */
  #respond(row: number, handle: number, outcome: number, time: number): void {
    const { paths } = this;
    let back = 0;
    if (paths) {
      paths.ints[paths.at(row) + of.STATE] = of.ANSWERED;
      if (this.#network) back = paths.ms[paths.at(row) + of.BACK];
    }
    this.#kernel.at(time + back, this.#answer, row, newsOf(handle, outcome));
  }

  /** The balancer has an answer, unless a partition is between. */
  #receive(row: number, news: number, now: number): void {
    const { paths, visit } = this;
    const outcome = news % OUTCOMES.length;
    visit.handle = (news - outcome) / OUTCOMES.length;
    if (paths === undefined) {
      visit.beganMs = Infinity;
      visit.busyMs = 0;
      this.#end(0, row, OUTCOMES[outcome], now);
      return;
    }
    if (this.#partitions && this.#heldUp(row, outcome)) return;
    const owner = this.#path(row, of.OWNER);
    this.#recall(row);
    if (owner === NONE) this.#forget(row);
    else this.#end(owner, row, OUTCOMES[outcome], now);
  }

  /** A try ends that somebody waits for, as the visit says. */
  #end(owner: number, row: number, outcome: Outcome, now: number): void {
    this.#notices.ended(row, owner, outcome, now);
    this.#ended(owner, row, outcome, now);
    this.#release(row);
  }

  /** Whether an answer is to wait for the end of a partition. */
  #heldUp(row: number, outcome: number): boolean {
    const server = this.#servers[this.visit.handle];
    if (server.reachable || !this.paths) return false;
    const at = this.paths.at(row);
    this.paths.ints[at + of.STATE] = of.ANSWERED;
    this.paths.ints[at + of.OUTCOME] = outcome;
    server.hold(row);
    return true;
  }

  /** The time for an answer is over, though the replica may not know. */
  #giveUp(row: number, now: number): void {
    const owner = this.#path(row, of.OWNER);
    if (owner === NONE) return;
    this.#recall(row);
    const { visit } = this;
    const { handle } = visit;
    const beganMs = this.#isThere(row) ? this.discipline.beganMs(handle, row) : visit.beganMs;
    this.#notices.ended(row, owner, 'timeout', now);
    this.#withdraw(row, now);
    Object.assign(visit, { handle, beganMs, busyMs: 0 });
    this.#ended(owner, row, 'timeout', now);
  }

  /** A client who leaves takes the place in the queue along. */
  #abandon(row: number, now: number): void {
    const owner = this.#path(row, of.OWNER);
    if (owner === NONE) return;
    const free = this.discipline.withdraw(this.#path(row, of.HANDLE), row, now);
    this.#notices.ended(row, owner, 'abandoned', now);
    this.#ended(owner, row, 'abandoned', now);
    this.#release(row, free);
  }

  /**
   * Drops a try at its replica if it hears of that and can; the news takes no time. Otherwise it ends as it would, and
   * nobody waits for it.
   */
  #withdraw(row: number, now: number): void {
    const handle = this.#path(row, of.HANDLE);
    const server = this.#servers[handle];
    const there = this.#isThere(row) && server.reachable;
    if (!there || !(this.#cancel === 'all' || (this.#cancel === 'waiting' && this.#waits(row)))) {
      this.#disown(row);
      return;
    }
    const free = this.discipline.withdraw(handle, row, now);
    this.#notices.wasted(row);
    this.#release(row, free);
    if (server.inFlight === 0) this.probes?.idle(server, now);
  }

  /** The end of a try that nobody waits for; what it kept busy was for nothing. */
  #forget(row: number): void {
    this.#recall(row);
    this.#notices.wasted(row);
    this.#release(row);
  }

  /** Its row is free, unless a queue has it still. */
  #release(row: number, free = true): void {
    this.paths?.close(row);
    if (free) this.tries.release(row);
  }

  #path(row: number, field: number): number {
    return this.paths === undefined ? NONE : this.paths.ints[this.paths.at(row) + field];
  }

  #isOf(row: number, use: number): boolean {
    return this.#path(row, of.USE) === use;
  }

  #isForgotten(row: number): boolean {
    return this.#path(row, of.OWNER) === NONE;
  }

  #isThere(row: number): boolean {
    return this.#path(row, of.STATE) === of.THERE;
  }

  #waits(row: number): boolean {
    return this.#isThere(row) && this.discipline.beganMs(this.#path(row, of.HANDLE), row) === Infinity;
  }

  /** Nobody waits for its answer any more. */
  #disown(row: number): void {
    if (this.paths) this.paths.ints[this.paths.at(row) + of.OWNER] = NONE;
  }

  /** Keeps how a try fared at its replica until its answer has come. */
  #keep(row: number): void {
    if (!this.paths) return;
    const at = this.paths.at(row);
    this.paths.ms[at + of.BEGAN_AT] = this.visit.beganMs;
    this.paths.ms[at + of.BUSY] = this.visit.busyMs;
  }

  /** The visit of a try that has left its replica, or was not there. */
  #recall(row: number): void {
    if (!this.paths) return;
    const { ints, ms } = this.paths;
    const at = this.paths.at(row);
    this.visit.handle = ints[at + of.HANDLE];
    this.visit.beganMs = ms[at + of.BEGAN_AT];
    this.visit.busyMs = ms[at + of.BUSY];
  }
}

const newsOf = (handle: number, outcome: number): number => handle * OUTCOMES.length + outcome;
