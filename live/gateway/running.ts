/** The tries of one request, those that are under way among them, and whose answer goes to the client. */
import { NONE } from '../../core/types.ts';
import type { Key, Outcome } from '../../core/types.ts';
import type { Fields } from '../http/fields.ts';
import type { ResponseHead } from '../http/response-head.ts';
import type { Attempt, Failure, Listener } from './attempt.ts';
import type { ClientBody } from './client-body.ts';
import { TIMEOUT } from './failover.ts';
import type { Forwarding } from './forwarding.ts';
import type { Recipient } from './recipient.ts';
import { Spare } from './spare.ts';
import type { Keeper } from './spare.ts';

/** Who is told of each: the balancer, and whoever judges the replicas. */
export type Told = Pick<Forwarding, 'director' | 'failover' | 'observer'>;

/** Who asks the replicas. */
export interface Asker {
  /** Whether the request may be sent twice, and all of it is there. */
  readonly retriable: boolean;
  /** A try has had no answer for as long as it was told to wait. */
  late(attempt: Attempt): void;
  /** Asks this replica in place of one whose answer, of that status, is none. */
  instead(handle: number, status: number, now: number): void;
  /** One has failed, and all others are late. */
  failed(failed: Failure): void;
  /** There is an answer. */
  answered(): void;
}

/** A few tries, usually one. */
export class Running implements Listener, Keeper {
  /** The replicas tried, in order. */
  readonly tried: number[] = [];
  key: Key = '';
  readonly #asker: Asker;
  readonly #told: Told;
  readonly #recipient: Recipient;
  readonly #attempts: Attempt[] = [];
  /** Whose answer is being passed on, or held until it is whole. */
  #answering: Attempt | null = null;
  /** An answer for want of a better one. */
  #spare: Spare | null = null;

  constructor(asker: Asker, told: Told, recipient: Recipient) {
    this.#asker = asker;
    this.#told = told;
    this.#recipient = recipient;
  }

  /** The replica that answers, or the one that was tried last; NONE before. */
  get handle(): number {
    return this.#answering?.handle ?? this.tried.at(-1) ?? NONE;
  }

  /** Whether one of them may answer yet. */
  get mayAnswer(): boolean {
    return this.#attempts.some(({ status }) => status === 0);
  }

  /** Whether there may be one more, as far as their number goes. */
  get mayGoOn(): boolean {
    return this.tried.length <= this.#told.failover.options.retries;
  }

  get hasSpare(): boolean {
    return this.#spare !== null;
  }

  /** Whether nothing is to be hoped for soon: none answers, and those that have not are late, `but` one. */
  areLate(but?: Attempt): boolean {
    if (this.#answering !== null) return false;
    return this.#attempts.every((attempt) => attempt.isLate || attempt.status > 0 || attempt === but);
  }

  /** A replica for a further try, paid for out of the budget; NONE when there is none or it may not be made. */
  another({ kind }: Failure, now: number): number {
    const { failover } = this.#told;
    if (!this.mayGoOn) return NONE;
    const handle = failover.next(this.key, this.tried, this.#asker.retriable);
    return handle !== NONE && (kind === 'unsent' || failover.spend(now)) ? handle : NONE;
  }

  add(attempt: Attempt): void {
    this.tried.push(attempt.handle);
    this.#attempts.push(attempt);
    this.#told.failover.started(attempt);
  }

  interim(head: ResponseHead): void {
    this.#recipient.interim(head);
  }

  head(attempt: Attempt, head: ResponseHead): void {
    const { failover } = this.#told;
    const now = performance.now();
    failover.answered(attempt.handle, now - attempt.sentMs, now);
    attempt.status = head.status;
    const isSound = !failover.isFailure(head.status);
    if (!isSound && !attempt.isLate) failover.refused(attempt, head.status);
    if ((!isSound || this.#answering !== null) && this.#passesOver(attempt, head, isSound, now)) return;
    this.#answering = attempt;
    this.#asker.answered();
    this.#recipient.head(attempt.handle, head);
    this.#narrow(attempt);
  }

  data(bytes: Buffer): void {
    this.#recipient.data(bytes);
  }

  flush(): boolean {
    return this.#recipient.flush();
  }

  completed(attempt: Attempt, trailers: Fields | null): void {
    this.#complete(attempt);
    if (this.#attempts.length > 0) this.drop(); // this answer was held until now
    this.#recipient.completed(trailers);
  }

  failed(attempt: Attempt, failed: Failure): void {
    this.#fail(attempt, failed);
    if (attempt === this.#answering) {
      if (this.#recipient.broken()) return;
      this.#answering = null;
      if (this.#spare?.isSound) this.#release(this.#spare);
    }
    if (this.areLate()) this.#asker.failed(failed);
  }

  late(attempt: Attempt): void {
    this.#asker.late(attempt);
  }

  /** Of two sound answers the first that is whole counts. */
  whole(spare: Spare): void {
    this.#complete(spare.attempt);
    if (!spare.isSound) return;
    this.#recipient.broken();
    this.#release(spare);
  }

  lost(spare: Spare, failed: Failure): void {
    this.#spare = null;
    this.#fail(spare.attempt, failed);
  }

  /** One has taken too long, and goes on. */
  goesOn(attempt: Attempt, failed: Failure): void {
    attempt.isLate = true;
    this.#blame(attempt, failed);
  }

  /** One has taken too long, and is given up. */
  stop(attempt: Attempt, failed: Failure): void {
    attempt.abandon();
    this.#fail(attempt, failed);
  }

  /** Gives up all, or all but one that has answered; nothing more is learnt of their replicas. */
  drop(but?: Attempt): void {
    for (const attempt of this.#attempts.filter((one) => one !== but)) this.#dropOne(attempt);
  }

  /** Ends the request with an answer that was kept back; false when there is none. */
  release(): boolean {
    if (this.#spare === null) return false;
    this.#release(this.#spare);
    return true;
  }

  /** Takes up a paused answer again. */
  resume(): void {
    for (const attempt of this.#attempts) attempt.resume();
  }

  /** After a 101: what the client sends from now on. */
  lend(body: ClientBody): void {
    for (const attempt of this.#attempts) attempt.lend(body);
  }

  /**
   * An answer that is none, or one beside another that is not whole: it is kept back as long as a replica that was asked, or can
   * be asked, may give a better one.
   */
  #passesOver(attempt: Attempt, head: ResponseHead, isSound: boolean, now: number): boolean {
    if (!this.#asker.retriable) return false;
    const isLast = this.areLate(attempt);
    const handle = isLast ? this.another(TIMEOUT, now) : NONE;
    if (handle !== NONE) {
      attempt.ignore();
      this.#end(attempt, 'rejected');
      this.#asker.instead(handle, head.status, now);
    } else if (isLast && !this.mayAnswer) return false;
    else this.#keep(attempt, head, isSound);
    return true;
  }

  /** Keeps it, unless there is one as good. */
  #keep(attempt: Attempt, head: ResponseHead, isSound: boolean): void {
    const former = this.#spare;
    if (former !== null && (former.isSound || !isSound)) {
      attempt.ignore();
      this.#end(attempt, isSound ? 'lost' : 'rejected');
      return;
    }
    this.#spare = new Spare(this, attempt, head, isSound);
    if (former !== null && !former.isWhole) this.#dropOne(former.attempt);
  }

  #release(spare: Spare): void {
    this.#spare = null;
    this.#answering = spare.attempt;
    this.#asker.answered();
    if (spare.isWhole) this.drop();
    spare.release(this.#recipient, this);
    this.#narrow(spare.attempt);
  }

  /** An answer that has begun to go out is the one; one that is held may still break. */
  #narrow(answering: Attempt): void {
    if (this.#attempts.length > 1 && this.#recipient.begun) this.drop(answering);
  }

  #complete(attempt: Attempt): void {
    const { failover } = this.#told;
    this.#end(attempt, attempt.status === 503 ? 'rejected' : 'ok');
    if (!failover.isFailure(attempt.status)) failover.succeeded(attempt.handle);
  }

  #fail(attempt: Attempt, failed: Failure): void {
    this.#end(attempt, failed.kind === 'unsent' ? 'refused' : 'lost');
    if (!attempt.isLate) this.#blame(attempt, failed);
  }

  #dropOne(attempt: Attempt): void {
    attempt.abandon();
    this.#end(attempt, 'lost');
  }

  #end(attempt: Attempt, outcome: Outcome): void {
    const at = this.#attempts.indexOf(attempt);
    if (at >= 0) this.#attempts.splice(at, 1);
    const { director, failover } = this.#told;
    director.finish(attempt.ticket, outcome);
    failover.ended(attempt);
  }

  #blame(attempt: Attempt, failed: Failure): void {
    const { failover, observer } = this.#told;
    failover.failed(attempt, failed);
    observer.failed(attempt.handle, failed);
  }
}
