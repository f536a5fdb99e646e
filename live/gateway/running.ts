/** The tries of one request that are under way: until one answers, and then that one. */
import type { Outcome } from '../../core/types.ts';
import type { Attempt, Failure } from './attempt.ts';
import type { ClientBody } from './client-body.ts';
import type { Forwarding } from './forwarding.ts';

/** Who is told of each end: the balancer, and whoever judges the replicas. */
export type Told = Pick<Forwarding, 'director' | 'failover' | 'observer'>;

/** A few tries, usually one. */
export class Running {
  readonly #told: Told;
  readonly #attempts: Attempt[] = [];

  constructor(told: Told) {
    this.#told = told;
  }

  get size(): number {
    return this.#attempts.length;
  }

  /** Whether all of them are late, `but` one. */
  areLate(but?: Attempt): boolean {
    return this.#attempts.every((attempt) => attempt.isLate || attempt === but);
  }

  add(attempt: Attempt): void {
    this.#attempts.push(attempt);
  }

  /** One is over. */
  end(attempt: Attempt, outcome: Outcome): void {
    const at = this.#attempts.indexOf(attempt);
    if (at >= 0) this.#attempts.splice(at, 1);
    const { director, failover } = this.#told;
    director.finish(attempt.ticket, outcome);
    failover.ended(attempt);
  }

  /** One is over, without an answer. */
  fail(attempt: Attempt, failed: Failure): void {
    this.end(attempt, failed.kind === 'unsent' ? 'refused' : 'lost');
    if (!attempt.isLate) this.#blame(attempt, failed);
  }

  /** One has taken too long, and goes on. */
  late(attempt: Attempt, failed: Failure): void {
    attempt.isLate = true;
    this.#blame(attempt, failed);
  }

  /** Gives up all, or all but one that has answered; nothing more is learnt of their replicas. */
  drop(but?: Attempt): void {
    for (const attempt of this.#attempts.filter((one) => one !== but)) {
      attempt.abandon();
      this.end(attempt, 'lost');
    }
  }

  /** Takes up a paused answer again. */
  resume(): void {
    for (const attempt of this.#attempts) attempt.resume();
  }

  /** After a 101: what the client sends from now on. */
  lend(body: ClientBody): void {
    for (const attempt of this.#attempts) attempt.lend(body);
  }

  #blame(attempt: Attempt, failed: Failure): void {
    const { failover, observer } = this.#told;
    failover.failed(attempt, failed);
    observer.failed(attempt.handle, failed);
  }
}
