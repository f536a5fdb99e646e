/** Tries on their way: to a replica, through it, and back, until they are answered or given up. */
import { stream } from '../core/random/stream.ts';
import { samplerOf } from '../core/resolve.ts';
import type { Tables } from '../core/tables.ts';
import { NONE } from '../core/types.ts';
import type { Outcome } from '../core/types.ts';
import { Ahead } from './ahead.ts';
import type { Discipline } from './discipline.ts';
import { disciplineOf } from './disciplines.ts';
import type { Kernel, Kind } from './kernel.ts';
import { Notices } from './notices.ts';
import type { PicksAhead } from './picks-ahead.ts';
import { Probes } from './probes.ts';
import * as of from './paths.ts';
import { Paths } from './paths.ts';
import type { Requests } from './requests.ts';
import type { Server } from './server.ts';
import type { Servers } from './servers.ts';
import type { Stage } from './stage.ts';
import { newStay, Tries } from './tries.ts';
import { Withdrawals } from './withdrawals.ts';

/** Outcomes by the number that an event carries. */
const OUTCOMES: readonly Outcome[] = ['ok', 'rejected', 'refused', 'lost'];
const [OK, REJECTED, REFUSED, LOST] = [0, 1, 2, 3];

/**
 * Hears of the end of a try when the balancer knows of it, and whose it was; how it fared is in the visit. Its row may
 * be used again after the call.
 */
export type Ended = (owner: number, row: number, outcome: Outcome) => void;

/** Who sends tries: what is kept of their requests where these may be sent again, and what was picked ahead. */
interface Senders {
  readonly requests: Requests | undefined;
  readonly ahead: PicksAhead | undefined;
  readonly ended: Ended;
}

/** What carries tries between balancers and replicas. */
export class Delivery {
  readonly tries = new Tries();
  readonly paths = new Paths();
  /** How the try fared that ended last; `handle` is that of its replica. */
  readonly stay = newStay();
  readonly discipline: Discipline;
  readonly probes: Probes | undefined;
  readonly withdrawals: Withdrawals;

  readonly #kernel: Kernel;
  readonly #servers: Servers;
  readonly #notices: Notices;
  readonly #ended: Ended;
  readonly #network: Ahead | undefined;
  readonly #refuseMs: number;
  readonly #partitions: boolean;
  readonly #reach: Kind;
  readonly #answer: Kind;

  constructor(stage: Stage, { requests, ahead, ended }: Senders, tables: Tables) {
    const { kernel, members, scenario: s } = stage;
    const { paths, stay, tries } = this;
    this.#kernel = kernel;
    this.#servers = stage.servers;
    this.#ended = ended;
    const law = samplerOf(s.network, tables);
    const network = law && new Ahead(law, stream(s.seed, 'network'));
    this.#network = network;
    this.#refuseMs = s.refuse;
    this.#partitions = s.partitionAt !== '';
    this.probes = Probes.wanted(members.balancers)
      ? new Probes(stage, network && ((): number => network.next()))
      : undefined;
    this.#notices = new Notices(stage, { way: this, requests, ahead }, tables);

    const departure = kernel.frequent((subject, plan) => {
      this.#depart(subject, plan);
    });
    this.#reach = kernel.frequent((row, handle) => {
      this.#offer(row, handle);
    });
    this.#answer = kernel.frequent((row, news) => {
      this.#receive(row, news);
    });
    this.discipline = disciplineOf(stage, tries, stay, departure);
    const { discipline, probes } = this;
    const notices = this.#notices;
    this.withdrawals = new Withdrawals(stage, {
      tries,
      visit: stay,
      paths,
      discipline,
      probes,
      notices,
      ended,
    });
  }

  /** A try of the request of that order, which the n-th balancer or the request owns. */
  open(
    order: number,
    arrivedMs: number,
    workMs: number,
    owner: number,
    handle: number,
    patientUntil: number,
  ): number {
    const row = this.tries.take(order, arrivedMs, workMs);
    this.paths.open(row, owner, handle, patientUntil, this.#kernel.now);
    return row;
  }

  /** Sends a try of the n-th balancer; both draws of the network are made now, in the order of sending. */
  send(row: number, n: number, handle: number): void {
    this.#notices.sent(row, n, handle);
    this.withdrawals.sent(row);
    if (this.#network === undefined) {
      this.#offer(row, handle);
      return;
    }
    this.#kernel.at(this.#kernel.now + this.#network.next(), this.#reach, row, handle);
    const backMs = this.#network.next();
    this.paths.ms[this.paths.at(row) + of.BACK] = backMs;
  }

  /** Ends everything that was at a replica when it failed. */
  lose(server: Server, now: number): void {
    const { handle } = server.replica;
    server.alive = false;
    this.discipline.fail(handle, now, (row) => {
      this.paths.keep(row, this.stay);
      this.#respond(row, handle, LOST, 0);
    });
  }

  /** A replica can be reached again: what was held up arrives now, in order. */
  release(server: Server): void {
    server.reachable = true;
    const { handle } = server.replica;
    const { paths } = this;
    for (const row of server.release()) {
      if (paths.get(row, of.STATE) === of.SENT) this.#offer(row, handle);
      else this.#receive(row, newsOf(handle, paths.get(row, of.OUTCOME)));
    }
  }

  /** A try is at the replica's door. */
  #offer(row: number, handle: number): void {
    if (this.withdrawals.turnsBack(row, handle)) return;
    const offer = this.discipline.offer(handle, row);
    if (offer === 'shut') this.#knockInVain(row, handle);
    else if (offer === 'full') this.#respond(row, handle, REJECTED, this.#refuseMs);
    else this.#settleIn(row, offer);
  }

  #settleIn(row: number, offer: 'serve' | 'wait'): void {
    const { paths } = this;
    paths.set(row, of.STATE, of.THERE);
    this.probes?.arrived(paths.at(row), paths, this.#servers.at(paths.get(row, of.HANDLE)));
    if (offer === 'wait') this.withdrawals.queued(row);
  }

  /** A try is at the door of a replica that is dead, or cannot be reached. */
  #knockInVain(row: number, handle: number): void {
    const server = this.#servers.at(handle);
    if (!server.reachable) server.hold(row);
    else this.#respond(row, handle, REFUSED, this.#refuseMs);
  }

  /** A try was served; its answer sets out. */
  #depart(subject: number, plan: number): void {
    const row = this.discipline.complete(subject, plan);
    if (row === NONE) return;
    const { paths, stay } = this;
    const { now } = this.#kernel;
    const { handle } = stay;
    paths.keep(row, stay);
    this.probes?.served(paths.at(row), paths, now);
    if (this.#network) this.#respond(row, handle, OK, 0);
    else this.#receive(row, newsOf(handle, OK));
    if (this.probes && this.discipline.inFlight(handle) === 0)
      this.probes.idle(this.#servers.at(handle), now);
  }

  /** An answer, or the news of a failure, sets out after so long. */
  #respond(row: number, handle: number, outcome: number, afterMs: number): void {
    const { paths } = this;
    paths.set(row, of.STATE, of.ANSWERED);
    const back = this.#network ? paths.ms[paths.at(row) + of.BACK] : 0;
    this.#kernel.at(this.#kernel.now + afterMs + back, this.#answer, row, newsOf(handle, outcome));
  }

  /** The balancer has an answer, unless a partition is between. */
  #receive(row: number, news: number): void {
    const { paths, stay } = this;
    const outcome = news % OUTCOMES.length;
    stay.handle = (news - outcome) / OUTCOMES.length;
    if (this.#partitions && this.#heldUp(row, outcome)) return;
    const owner = paths.get(row, of.OWNER);
    paths.recall(row, stay);
    if (owner === NONE) this.withdrawals.forget(row);
    else this.#end(owner, row, OUTCOMES[outcome]);
  }

  /** A try ends that somebody waits for, as the visit says. */
  #end(owner: number, row: number, outcome: Outcome): void {
    this.#notices.ended(row, owner, outcome);
    this.#ended(owner, row, outcome);
    this.paths.close(row);
    this.tries.release(row);
  }

  /** Whether an answer is to wait for the end of a partition. */
  #heldUp(row: number, outcome: number): boolean {
    const server = this.#servers.at(this.stay.handle);
    if (server.reachable) return false;
    this.paths.set(row, of.STATE, of.ANSWERED);
    this.paths.set(row, of.OUTCOME, outcome);
    server.hold(row);
    return true;
  }
}

const newsOf = (handle: number, outcome: number): number => handle * OUTCOMES.length + outcome;
