/** Tries that are ended before their answer: given up after a timeout, left by their client, or not needed any more. */
import type { Scenario } from '../core/scenario.ts';
import { NONE } from '../core/types.ts';
import type { Discipline, Visit } from './discipline.ts';
import type { Ended } from './delivery.ts';
import type { Kernel, Kind } from './kernel.ts';
import type { Notices } from './notices.ts';
import * as of from './paths.ts';
import type { Paths } from './paths.ts';
import type { Probes } from './probes.ts';
import { LATEST } from './requests.ts';
import type { Requests } from './requests.ts';
import type { Stage } from './stage.ts';
import type { Tries } from './tries.ts';

/** What a delivery lends for it. */
export interface Lent {
  readonly tries: Tries;
  readonly visit: Visit;
  readonly paths: Paths;
  readonly discipline: Discipline;
  readonly probes: Probes | undefined;
  readonly notices: Notices;
  readonly ended: Ended;
}

/** Who withdraws a try, when, and what becomes of it at its replica. */
export class Withdrawals {
  readonly #lent: Lent;
  readonly #stage: Stage;
  readonly #kernel: Kernel;
  readonly #cancel: Scenario['cancel'];
  readonly #timeoutMs: number;
  readonly #impatient: boolean;
  readonly #timeout: Kind;
  readonly #impatience: Kind;

  constructor(stage: Stage, lent: Lent) {
    const { kernel, scenario: s } = stage;
    const { paths } = lent;
    this.#lent = lent;
    this.#stage = stage;
    this.#kernel = kernel;
    this.#cancel = s.cancel;
    this.#timeoutMs = s.timeout;
    this.#impatient = s.patience !== 'none';
    this.#timeout = kernel.kind((row, use, now) => {
      if (paths.get(row, of.USE) === use) this.#giveUp(row, now);
    });
    this.#impatience = kernel.kind((row, use, now) => {
      if (paths.get(row, of.USE) === use && this.#waits(row)) this.#abandon(row, now);
    });
  }

  /** A try is sent. */
  sent(row: number): void {
    if (this.#timeoutMs > 0)
      this.#kernel.at(
        this.#kernel.now + this.#timeoutMs,
        this.#timeout,
        row,
        this.#lent.paths.get(row, of.USE),
      );
  }

  /** A try waits in a queue. */
  queued(row: number): void {
    const { paths } = this.#lent;
    if (!this.#impatient || paths.get(row, of.OWNER) === NONE) return;
    const until = paths.ms[paths.at(row) + of.PATIENT_UNTIL];
    this.#kernel.at(Math.max(this.#kernel.now, until), this.#impatience, row, paths.get(row, of.USE));
  }

  /** Whether a try at a replica's door is known there to be in vain; then that was its end. */
  turnsBack(row: number, handle: number): boolean {
    if (this.#cancel === 'none' || this.#lent.paths.get(row, of.OWNER) !== NONE) return false;
    if (!this.#stage.servers.at(handle).reachable) return false;
    this.forget(row);
    return true;
  }

  /** Gives up all tries of a request that has its answer. */
  cancel({ ints }: Requests, request: number, now: number): void {
    const { notices, paths, visit } = this.#lent;
    for (let row; (row = ints[request + LATEST]) !== NONE;) {
      paths.recall(row, visit);
      notices.cancelled(row);
      this.#withdraw(row, now);
    }
  }

  /** The end of a try that nobody waits for; what it kept busy was for nothing. */
  forget(row: number): void {
    const { notices, paths, visit } = this.#lent;
    paths.recall(row, visit);
    notices.wasted(row);
    this.#release(row, true);
  }

  /** The time for an answer is over, though the replica may not know. */
  #giveUp(row: number, now: number): void {
    const { ended, notices, paths, visit } = this.#lent;
    const owner = paths.get(row, of.OWNER);
    if (owner === NONE) return;
    paths.recall(row, visit);
    const { handle } = visit;
    const beganMs = this.#isThere(row) ? this.#lent.discipline.beganMs(handle, row) : visit.beganMs;
    notices.ended(row, owner, 'timeout');
    this.#withdraw(row, now);
    Object.assign(visit, { handle, beganMs, busyMs: 0 });
    ended(owner, row, 'timeout');
  }

  /** A client who leaves takes the place in the queue along. */
  #abandon(row: number, now: number): void {
    const { discipline, ended, notices, paths } = this.#lent;
    const owner = paths.get(row, of.OWNER);
    if (owner === NONE) return;
    const free = discipline.withdraw(paths.get(row, of.HANDLE), row, now);
    notices.ended(row, owner, 'abandoned');
    ended(owner, row, 'abandoned');
    this.#release(row, free);
  }

  /**
   * Drops a try at its replica if it hears of that and can; the news takes no time. Otherwise it ends as it would, and
   * nobody waits for it.
   */
  #withdraw(row: number, now: number): void {
    const { discipline, notices, paths, probes } = this.#lent;
    const handle = paths.get(row, of.HANDLE);
    const server = this.#stage.servers.at(handle);
    const there = this.#isThere(row) && server.reachable;
    if (!there || !(this.#cancel === 'all' || (this.#cancel === 'waiting' && this.#waits(row)))) {
      paths.set(row, of.OWNER, NONE);
      return;
    }
    const free = discipline.withdraw(handle, row, now);
    notices.wasted(row);
    this.#release(row, free);
    if (server.inFlight === 0) probes?.idle(server, now);
  }

  /** Its row is free, unless a queue has it still. */
  #release(row: number, free: boolean): void {
    this.#lent.paths.close(row);
    if (free) this.#lent.tries.release(row);
  }

  #isThere(row: number): boolean {
    return this.#lent.paths.get(row, of.STATE) === of.THERE;
  }

  #waits(row: number): boolean {
    const { discipline, paths } = this.#lent;
    return this.#isThere(row) && discipline.beganMs(paths.get(row, of.HANDLE), row) === Infinity;
  }
}
