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
import type { Recipient } from './recipient.ts';

/** Finds a replica that answers. */
export class Tries implements Listener {
  /** The replicas tried, in order. */
  readonly tried: number[] = [];
  readonly #recipient: Recipient;
  readonly #forwarding: Forwarding;
  readonly #outgoing: Outgoing;
  #key: Key = '';
  #current: Attempt | null = null;
  /** A hedge: it runs beside the current one until either answers. */
  #hedge: Attempt | null = null;
  #unpark: (() => void) | null = null;

  constructor(recipient: Recipient, forwarding: Forwarding, outgoing: Outgoing) {
    this.#recipient = recipient;
    this.#forwarding = forwarding;
    this.#outgoing = outgoing;
  }

  /** Whether the request may be sent twice, and all of it is there. */
  get retriable(): boolean {
    return this.#outgoing.repeatable && isWhole(this.#outgoing);
  }

  begin(key: Key, now: number): void {
    const { failover, observer } = this.#forwarding;
    this.#key = key;
    const handle = failover.first(key, this.retriable, now);
    if (handle === NONE) this.#park(failure('No server replica is available', 503));
    else if (failover.hasRoom(handle)) this.#current = this.#send(handle, now);
    else {
      observer.shed('pending');
      this.#recipient.answer(failure('Too many requests wait for a server replica', 503));
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
      failover.refused(attempt.handle, head.status);
      if (this.#passesOver(attempt, head.status, now)) return;
    }
    if (this.#hedge) this.#settle(attempt);
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
    const { director, failover } = this.#forwarding;
    this.#current = null;
    director.finish(attempt.ticket, attempt.status === 503 ? 'rejected' : 'ok');
    if (!failover.isFailure(attempt.status)) failover.succeeded(attempt.handle);
    this.#recipient.completed(trailers);
  }

  failed(attempt: Attempt, failed: Failure): void {
    this.#blame(attempt, failed);
    if (attempt.status > 0 && this.#recipient.broken()) return;
    if (this.#current === null) this.#goOn(failed);
  }

  late(attempt: Attempt): void {
    const { failover, observer } = this.#forwarding;
    const { stage } = attempt;
    const now = performance.now();
    const failed: Failure = attempt.carried ? TIMEOUT : CROWDED;
    if (stage === 'give up') {
      attempt.abandon();
      this.failed(attempt, failed);
      return;
    }
    if (failover.leavesInPeace(attempt, now)) return;
    if (stage === 'notice') {
      failover.noticed(attempt, failed, now);
      observer.suspected(attempt.handle, failed);
      return;
    }
    const lent = stage === 'hedge' && this.#outgoing.body?.complete === false; // it can go to one replica only
    const handle = this.#hedge || lent ? NONE : this.#another(failed, now);
    if (handle !== NONE && stage === 'try another') {
      this.#replace(attempt, failed, handle, now);
      return;
    }
    failover.rearm(attempt, now);
    if (handle === NONE) return;
    observer.hedged();
    this.#hedge = this.#send(handle, now);
  }

  /** Takes up a paused answer again. */
  resume(): void {
    this.#current?.resume();
  }

  /** After a 101: what the client sends from now on. */
  lend(body: ClientBody): void {
    this.#current?.lend(body);
  }

  /** Nobody waits for an answer any more. */
  abandon(): void {
    this.#unpark?.();
    for (const attempt of [this.#current, this.#hedge]) if (attempt) this.#drop(attempt);
    this.#current = null;
    this.#hedge = null;
  }

  #send(handle: number, now: number): Attempt | null {
    const { director, failover, upstreams } = this.#forwarding;
    const pool = upstreams.get(handle);
    if (pool === undefined) {
      this.#recipient.answer(failure('No server replica is available', 503));
      return null;
    }
    if (this.tried.push(handle) > 1) this.#outgoing.body?.recall();
    const attempt = new Attempt(this, director.start(handle), this.#outgoing, now);
    failover.started(handle);
    failover.arm(attempt, this.retriable && this.tried.length <= failover.options.retries, now);
    attempt.send(pool);
    return attempt;
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
      this.#current = this.#send(handle, now);
      return;
    }
    const left = this.tried.length <= failover.options.retries && membership.allTried(this.tried);
    this.#park(answerTo(failed), resendable && left && failed.kind !== 'timeout');
  }

  /** An answer that is none, as long as another replica can be asked, or is being asked. */
  #passesOver(attempt: Attempt, status: number, now: number): boolean {
    const { director, observer } = this.#forwarding;
    if (!this.retriable) return false;
    const handle = this.#hedge ? NONE : this.#another(TIMEOUT, now);
    if (handle === NONE && !this.#hedge) return false;
    if (attempt === this.#current) this.#current = this.#hedge;
    this.#hedge = null;
    attempt.ignore();
    director.finish(attempt.ticket, 'rejected');
    if (handle === NONE) return true;
    observer.retried(String(status));
    this.#current = this.#send(handle, now);
    return true;
  }

  /** It took too long: another replica is asked instead. */
  #replace(attempt: Attempt, failed: Failure, handle: number, now: number): void {
    attempt.abandon();
    this.#blame(attempt, failed);
    this.#forwarding.observer.retried(failed.reason);
    this.#current = this.#send(handle, now);
  }

  /** A try is over, without an answer. */
  #blame(attempt: Attempt, failed: Failure): void {
    const { director, failover, observer } = this.#forwarding;
    if (attempt === this.#current) this.#current = this.#hedge;
    this.#hedge = null;
    director.finish(attempt.ticket, failed.kind === 'unsent' ? 'refused' : 'lost');
    failover.failed(attempt.handle, failed);
    observer.failed(attempt.handle, failed);
  }

  /** Of two tries this one has answered. */
  #settle(winner: Attempt): void {
    const loser = winner === this.#current ? this.#hedge : this.#current;
    this.#current = winner;
    this.#hedge = null;
    if (loser) this.#drop(loser);
  }

  #drop(attempt: Attempt): void {
    const { director, failover } = this.#forwarding;
    attempt.abandon();
    director.finish(attempt.ticket, 'lost');
    failover.withdrawn(attempt.handle);
  }

  /** Waits, if it may, for a replica to join, as a standby soon will; `otherwise` is the answer when none does. */
  #park(otherwise: Answer, may = true): void {
    const { failover, membership, parking } = this.#forwarding;
    const { pending, waitMs } = failover.options;
    const joined = (): boolean => {
      const handle = failover.next(this.#key, this.tried, this.retriable);
      if (handle !== NONE) this.#current = this.#send(handle, performance.now());
      return handle !== NONE;
    };
    const over = this.#recipient.answer.bind(this.#recipient, otherwise);
    this.#outgoing.body?.recall();
    if (!may || membership.wantsNone || waitMs === 0 || parking.size >= pending) over();
    else this.#unpark = parking.wait(waitMs, joined, over);
  }
}
