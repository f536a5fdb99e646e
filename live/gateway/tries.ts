/** Who is asked for a request: its key's replica, then others, instead or as well, until one answers or none is left. */
import { NONE } from '../../core/types.ts';
import type { Key } from '../../core/types.ts';
import { failure } from '../answer.ts';
import type { Answer } from '../types.ts';
import { Attempt, isWhole } from './attempt.ts';
import type { Failure, Outgoing } from './attempt.ts';
import type { ClientBody } from './client-body.ts';
import { CROWDED, TIMEOUT } from './failover.ts';
import { answerTo } from './forwarding.ts';
import type { Forwarding } from './forwarding.ts';
import { LastResort } from './last-resort.ts';
import type { Recipient } from './recipient.ts';
import { Running } from './running.ts';
import type { Asker } from './running.ts';

/** Finds a replica that answers. */
export class Tries implements Asker {
  readonly #recipient: Recipient;
  readonly #forwarding: Forwarding;
  readonly #outgoing: Outgoing;
  readonly #running: Running;
  #lastResort: LastResort | null = null;

  constructor(recipient: Recipient, forwarding: Forwarding, outgoing: Outgoing) {
    this.#recipient = recipient;
    this.#forwarding = forwarding;
    this.#outgoing = outgoing;
    this.#running = new Running(this, forwarding, recipient);
  }

  get retriable(): boolean {
    return this.#outgoing.repeatable && isWhole(this.#outgoing);
  }

  /** The replicas tried, in order. */
  get tried(): readonly number[] {
    return this.#running.tried;
  }

  /** The replica that answers, or the one that was tried last; NONE before. */
  get handle(): number {
    return this.#running.handle;
  }

  begin(key: Key, now: number): void {
    const { failover, observer } = this.#forwarding;
    this.#running.key = key;
    const handle = failover.first(key, this.retriable, now);
    if (handle === NONE) this.#park(failure('No server replica is available', 503));
    else if (failover.hasRoom(handle)) this.#send(handle, now);
    else {
      observer.shed('pending');
      this.#answer(failure('Too many requests wait for a server replica', 503));
    }
  }

  late(attempt: Attempt): void {
    const { observer } = this.#forwarding;
    const { waits } = this.#forwarding.failover;
    const now = performance.now();
    const movable = this.retriable || !attempt.carried; // nothing was sent of what waits for a connection
    const stage = waits.stageOf(attempt, this.retriable, now);
    const failed: Failure = attempt.carried ? TIMEOUT : CROWDED;
    if (stage === 'give up') {
      attempt.abandon();
      this.#running.failed(attempt, failed);
      return;
    }
    if (waits.leavesInPeace(attempt, this.retriable, this.#running.mayGoOn, now)) return;
    if (stage === 'notice') {
      this.#notice(attempt, failed, now);
      return;
    }
    const lent = this.#outgoing.body?.complete === false; // it can go to one replica only
    const hedges = stage === 'hedge';
    const alone = this.#running.areLate(attempt);
    const stays = !movable || (hedges && lent) || !alone;
    const handle = stays ? NONE : this.#running.another(failed, now);
    if (handle === NONE && !this.retriable && !hedges) {
      this.#notice(attempt, failed, now);
      return;
    }
    waits.rearm(attempt, now);
    if (!alone && !hedges) this.#running.goesOn(attempt, failed); // then the hedge is alone, and is not waited for either
    if (handle === NONE) return;
    if (hedges) observer.hedged();
    else this.#giveCompany(attempt, failed, lent);
    this.#send(handle, now);
  }

  instead(handle: number, status: number, now: number): void {
    this.#forwarding.observer.retried(String(status));
    this.#send(handle, now);
  }

  failed(failed: Failure): void {
    if (this.#lastResort) this.#lastResort.look();
    else this.#goOn(failed);
  }

  answered(): void {
    this.#stopWaiting();
  }

  /** Takes up a paused answer again. */
  resume(): void {
    this.#running.resume();
  }

  /** After a 101: what the client sends from now on. */
  lend(body: ClientBody): void {
    this.#running.lend(body);
  }

  /** Nobody waits for an answer any more. */
  abandon(): void {
    this.#stopWaiting();
    this.#running.drop();
  }

  #send(handle: number, now: number): void {
    const { director, failover, upstreams } = this.#forwarding;
    const pool = upstreams.get(handle);
    if (pool === undefined) {
      this.#answer(failure('No server replica is available', 503));
      return;
    }
    this.#stopWaiting();
    if (this.tried.length > 0) this.#outgoing.body?.recall();
    const attempt = new Attempt(this.#running, director.start(handle), this.#outgoing, now);
    this.#running.add(attempt);
    failover.waits.arm(attempt, this.retriable, this.#running.mayGoOn, now);
    attempt.send(pool);
  }

  /** What was surely not sent may go elsewhere; what may have been, only if it can be sent twice. */
  #goOn(failed: Failure): void {
    const { membership, observer } = this.#forwarding;
    const resendable = failed.kind === 'unsent' ? isWhole(this.#outgoing) : this.retriable;
    const now = performance.now();
    const handle = resendable ? this.#running.another(failed, now) : NONE;
    if (handle !== NONE) {
      observer.retried(failed.reason);
      this.#send(handle, now);
      return;
    }
    const left = this.#running.mayGoOn && membership.allTried(this.tried) && !this.#running.hasSpare;
    this.#park(answerTo(failed), resendable && left && failed.kind !== 'timeout');
  }

  /** It is late where it must stay. */
  #notice(attempt: Attempt, failed: Failure, now: number): void {
    const { failover, observer } = this.#forwarding;
    failover.noticed(attempt, failed, now);
    observer.suspected(attempt.handle, failed);
  }

  /**
   * It took too long, so another replica is asked. Its own answer may still come first, when both are slow for a moment; only
   * a try that nothing was sent of, or whose body is still coming, has nothing to wait for.
   */
  #giveCompany(attempt: Attempt, failed: Failure, lent: boolean): void {
    this.#forwarding.observer.retried(failed.reason);
    if (attempt.carried && !lent) this.#running.goesOn(attempt, failed);
    else this.#running.stop(attempt, failed);
  }

  /** Waits, if it may, for a replica to join, or for one that is late; `otherwise` is the answer when there is none. */
  #park(otherwise: Answer, may = true): void {
    const joined = (): boolean => {
      const handle = this.#forwarding.failover.next(this.#running.key, this.tried, this.retriable);
      if (handle !== NONE) this.#send(handle, performance.now());
      return handle !== NONE;
    };
    this.#outgoing.body?.recall();
    this.#lastResort = new LastResort(this.#forwarding, this.#running, () => {
      if (!this.#running.release()) this.#answer(otherwise);
    });
    if (may) this.#lastResort.wait(joined);
    this.#lastResort.look();
  }

  #stopWaiting(): void {
    this.#lastResort?.lift();
    this.#lastResort = null;
  }

  /** An answer of the gateway's own. */
  #answer(answer: Answer): void {
    this.abandon();
    this.#recipient.answer(answer);
  }
}
