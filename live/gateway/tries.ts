/** The tries of one request: at its key's replica, then at others, instead or as well, until one answers or none is left. */
import { NONE } from '../../core/types.ts';
import type { Key } from '../../core/types.ts';
import { failure } from '../answer.ts';
import type { Fields } from '../http/fields.ts';
import type { ResponseHead } from '../http/response-head.ts';
import type { Answer } from '../types.ts';
import { Attempt, isWhole } from './attempt.ts';
import type { Failure, Listener, Outgoing } from './attempt.ts';
import type { ClientBody } from './client-body.ts';
import { CROWDED, TIMEOUT } from './failover.ts';
import { answerTo } from './forwarding.ts';
import type { Forwarding } from './forwarding.ts';
import { LastResort } from './last-resort.ts';
import type { Recipient } from './recipient.ts';
import { Running } from './running.ts';

/** Finds a replica that answers. */
export class Tries implements Listener {
  /** The replicas tried, in order. */
  readonly tried: number[] = [];
  readonly #recipient: Recipient;
  readonly #forwarding: Forwarding;
  readonly #outgoing: Outgoing;
  #key: Key = '';
  readonly #running: Running;
  #answering = NONE;
  #lastResort: LastResort | null = null;

  constructor(recipient: Recipient, forwarding: Forwarding, outgoing: Outgoing) {
    this.#recipient = recipient;
    this.#forwarding = forwarding;
    this.#outgoing = outgoing;
    this.#running = new Running(forwarding);
  }

  /** Whether the request may be sent twice, and all of it is there. */
  get retriable(): boolean {
    return this.#outgoing.repeatable && isWhole(this.#outgoing);
  }

  /** The replica that answers, or the one that was tried last; NONE before. */
  get handle(): number {
    return this.#answering === NONE ? (this.tried.at(-1) ?? NONE) : this.#answering;
  }

  begin(key: Key, now: number): void {
    const { failover, observer } = this.#forwarding;
    this.#key = key;
    const handle = failover.first(key, this.retriable, now);
    if (handle === NONE) this.#park(failure('No server replica is available', 503));
    else if (failover.hasRoom(handle)) this.#send(handle, now);
    else {
      observer.shed('pending');
      this.#answer(failure('Too many requests wait for a server replica', 503));
    }
  }

  interim(head: ResponseHead): void {
    this.#recipient.interim(head);
  }

  head(attempt: Attempt, head: ResponseHead): void {
    const { failover } = this.#forwarding;
    const now = performance.now();
    failover.answered(attempt.handle, now - attempt.sentMs, now);
    if (failover.isFailure(head.status)) {
      if (!attempt.isLate) failover.refused(attempt, head.status);
      if (this.#passesOver(attempt, head.status, now)) return;
    }
    this.#answering = attempt.handle;
    if (this.#running.size > 1) this.#running.drop(attempt);
    this.#stopWaiting();
    attempt.status = head.status;
    this.#recipient.head(attempt.handle, head);
  }

  data(bytes: Buffer): void {
    this.#recipient.data(bytes);
  }

  flush(): boolean {
    return this.#recipient.flush();
  }

  completed(attempt: Attempt, trailers: Fields | null): void {
    const { failover } = this.#forwarding;
    this.#running.end(attempt, attempt.status === 503 ? 'rejected' : 'ok');
    if (!failover.isFailure(attempt.status)) failover.succeeded(attempt.handle);
    this.#recipient.completed(trailers);
  }

  failed(attempt: Attempt, failed: Failure): void {
    this.#running.fail(attempt, failed);
    if (attempt.status > 0 && this.#recipient.broken()) return;
    this.#answering = NONE;
    if (this.#lastResort) this.#lastResort.look();
    else if (this.#running.areLate()) this.#goOn(failed);
  }

  late(attempt: Attempt): void {
    const { failover, observer } = this.#forwarding;
    const now = performance.now();
    const stage = failover.stageOf(attempt, this.retriable, now);
    const failed: Failure = attempt.carried ? TIMEOUT : CROWDED;
    if (stage === 'give up') {
      attempt.abandon();
      this.failed(attempt, failed);
      return;
    }
    if (failover.leavesInPeace(attempt, this.#mayGoOn, now)) return;
    if (stage === 'notice') {
      failover.noticed(attempt, failed, now);
      observer.suspected(attempt.handle, failed);
      return;
    }
    const lent = this.#outgoing.body?.complete === false; // it can go to one replica only
    const hedges = stage === 'hedge';
    const alone = this.#running.areLate(attempt);
    const stays = !this.retriable || (hedges && lent) || !alone;
    const handle = stays ? NONE : this.#another(failed, now);
    failover.rearm(attempt, now);
    if (!alone && !hedges) this.#running.late(attempt, failed); // then the hedge is alone, and is not waited for either
    if (handle === NONE) return;
    if (hedges) observer.hedged();
    else this.#giveCompany(attempt, failed, lent);
    this.#send(handle, now);
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

  /** Whether another try could follow one whose answer does not come. */
  get #mayGoOn(): boolean {
    return this.retriable && this.tried.length <= this.#forwarding.failover.options.retries;
  }

  #send(handle: number, now: number): void {
    const { director, failover, upstreams } = this.#forwarding;
    const pool = upstreams.get(handle);
    if (pool === undefined) {
      this.#answer(failure('No server replica is available', 503));
      return;
    }
    this.#stopWaiting();
    if (this.tried.push(handle) > 1) this.#outgoing.body?.recall();
    const attempt = new Attempt(this, director.start(handle), this.#outgoing, now);
    this.#running.add(attempt);
    failover.started(attempt);
    failover.arm(attempt, this.#mayGoOn, now);
    attempt.send(pool);
  }

  /** A replica for a further try, paid for out of the budget; NONE when there is none or it may not be made. */
  #another({ kind }: Failure, now: number): number {
    const { failover } = this.#forwarding;
    if (this.tried.length > failover.options.retries) return NONE;
    const handle = failover.next(this.#key, this.tried, this.retriable);
    return handle !== NONE && (kind === 'unsent' || failover.spend(now)) ? handle : NONE;
  }

  /** What was surely not sent may go elsewhere; what may have been, only if it can be sent twice. */
  #goOn(failed: Failure): void {
    const { failover, membership, observer } = this.#forwarding;
    const resendable = failed.kind === 'unsent' ? isWhole(this.#outgoing) : this.retriable;
    const now = performance.now();
    const handle = resendable ? this.#another(failed, now) : NONE;
    if (handle !== NONE) {
      observer.retried(failed.reason);
      this.#send(handle, now);
      return;
    }
    const left = this.tried.length <= failover.options.retries && membership.allTried(this.tried);
    this.#park(answerTo(failed), resendable && left && failed.kind !== 'timeout');
  }

  /** An answer that is none, as long as another replica can be asked, or is being asked. */
  #passesOver(attempt: Attempt, status: number, now: number): boolean {
    if (!this.retriable) return false;
    const isLast = this.#running.areLate(attempt);
    const handle = isLast ? this.#another(TIMEOUT, now) : NONE;
    if (handle === NONE && isLast) return false;
    attempt.ignore();
    this.#running.end(attempt, 'rejected');
    if (handle === NONE) return true;
    this.#forwarding.observer.retried(String(status));
    this.#send(handle, now);
    return true;
  }

  /**
   * It took too long, so another replica is asked. Its own answer may still come first, when both are slow for a moment; only
   * a try that nothing was sent of, or whose body is still coming, has nothing to wait for.
   */
  #giveCompany(attempt: Attempt, failed: Failure, lent: boolean): void {
    this.#forwarding.observer.retried(failed.reason);
    if (attempt.carried && !lent) {
      this.#running.late(attempt, failed);
      return;
    }
    attempt.abandon();
    this.#running.fail(attempt, failed);
  }

  /** Waits, if it may, for a replica to join, or for one that is late; `otherwise` is the answer when there is none. */
  #park(otherwise: Answer, may = true): void {
    const joined = (): boolean => {
      const handle = this.#forwarding.failover.next(this.#key, this.tried, this.retriable);
      if (handle !== NONE) this.#send(handle, performance.now());
      return handle !== NONE;
    };
    this.#outgoing.body?.recall();
    this.#lastResort = new LastResort(this.#forwarding, this.#running, this.#answer.bind(this, otherwise));
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
