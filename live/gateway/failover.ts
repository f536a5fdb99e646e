/** What is done about replicas that fail: which is asked first and next, and who is ejected. */
import { NONE } from '../../core/types.ts';
import type { Key } from '../../core/types.ts';
import type { Attempt, Failure } from './attempt.ts';
import type { Director } from './director.ts';
import type { FailoverOptions } from './failover-options.ts';
import type { Membership } from './membership.ts';
import { Pace } from './pace.ts';
import { RetryBudget } from './retry-budget.ts';
import type { Fault, Standing } from './standing.ts';
import { defaultStanding } from './standing.ts';
import { INTERVAL_MS } from './success-rate.ts';
import { SLOW_CLIENT } from './upstream-connection.ts';
import { GONE } from './upstreams.ts';
import type { Upstreams } from './upstreams.ts';
import type { Patience } from './waits.ts';
import { Waits } from './waits.ts';

/** What failover works with. */
export interface FailoverParts extends Patience {
  readonly director: Director;
  readonly membership: Membership;
  readonly standing: Standing;
  readonly upstreams: Upstreams;
  readonly witness: Witness;
}

/** Who counts what is done. */
export interface Witness {
  ejected(handle: number, reason: string): void;
  exhausted(): void;
}

/** Each of the requests of a trickle may be tried again. */
const FREE_RETRIES_A_SECOND = 10;

/** The decisions that concern all requests of a gateway; what one request has tried is its own affair. */
export class Failover {
  /** How long each try may take. */
  readonly waits: Waits;
  readonly #parts: FailoverParts;
  readonly #budget: RetryBudget;
  readonly #interval = setInterval(() => {
    this.#endInterval();
  }, INTERVAL_MS).unref();
  #options: FailoverOptions;
  #retryOn: ReadonlySet<number>;

  constructor(options: FailoverOptions, parts: FailoverParts) {
    this.#parts = parts;
    this.#options = options;
    this.#retryOn = new Set(options.retryOn);
    this.#budget = new RetryBudget({ share: 0, leastASecond: FREE_RETRIES_A_SECOND });
    const isMember = (handle: number): boolean => parts.upstreams.get(handle) !== undefined;
    this.waits = new Waits(new Pace(options, isMember), parts);
    this.turn(options);
  }

  get options(): FailoverOptions {
    return this.#options;
  }

  /** Changes the knobs while requests are under way. */
  turn(options: FailoverOptions): void {
    const {
      ejectMs,
      hedge,
      maxEjected,
      outlierDeviation,
      outlierFailures,
      outlierStatuses,
      panic,
      slowStartMs,
      tryTimeout,
    } = options;
    const { membership, standing } = this.#parts;
    this.#options = options;
    this.#retryOn = new Set(options.retryOn);
    this.#budget.options = { share: options.retryBudget / 100, leastASecond: FREE_RETRIES_A_SECOND };
    this.waits.turn({ tryTimeout, hedge });
    const limits = {
      failures: outlierFailures,
      statuses: outlierStatuses,
      deviations: outlierDeviation,
      ejectMs,
      slowStartMs,
    };
    standing.options = { ...defaultStanding, ...limits };
    membership.limits = { maxEjected: maxEjected / 100, panic: panic / 100 };
  }

  /** Nobody is judged any more. */
  close(): void {
    clearInterval(this.#interval);
  }

  /** The replica for a new request, or NONE. `retriable`: it can be sent twice. */
  first(key: Key, retriable: boolean, now: number): number {
    const { director } = this.#parts;
    this.#budget.deposit(now);
    const handle = director.pick(key);
    if (handle === NONE || this.#takes(handle, retriable)) return handle;
    const other = this.next(key, [handle], retriable);
    return other === NONE ? handle : other;
  }

  /** A replica that was not tried, one that takes requests if there is one; NONE when all were. */
  next(key: Key, tried: readonly number[], retriable: boolean): number {
    const { director } = this.#parts;
    const first = director.pickOther(key, tried);
    if (first === NONE || this.#takes(first, retriable)) return first;
    const second = director.pickOther(key, [...tried, first]);
    return second === NONE ? first : second;
  }

  /** False when so many requests wait for a connection or an answer of it already that one more had better be refused. */
  hasRoom(handle: number): boolean {
    const pool = this.#parts.upstreams.get(handle);
    if (!pool) return true;
    const { crowd, hasFree, pending } = pool;
    return (hasFree || pending < this.#options.pending) && crowd.waiting < crowd.most;
  }

  /** Whether a status is no answer that a request should end with, as long as there is another replica to ask. */
  isFailure(status: number): boolean {
    return status >= 400 && this.#retryOn.has(status);
  }

  /** Takes a retry out of the budget; false when there is none left. */
  spend(now: number): boolean {
    const had = this.#budget.withdraw(now);
    if (!had) this.#parts.witness.exhausted();
    return had;
  }

  /** A try that must stay where it is has passed the wait after which others would have been tried elsewhere. */
  noticed(attempt: Attempt, failed: Failure, now: number): void {
    this.failed(attempt, failed);
    this.waits.rearm(attempt, now);
  }

  started(attempt: Attempt): void {
    attempt.trialNumber = this.#parts.standing.started(attempt.handle);
  }

  /** A try is over, or enough is known of it: if it was its replica's trial, another one may be that. */
  ended(attempt: Attempt): void {
    if (attempt.trialNumber > 0) this.#parts.standing.ended(attempt.handle, attempt.trialNumber);
    attempt.trialNumber = 0;
  }

  /** A first byte came after so long. */
  answered(handle: number, ms: number, now: number): void {
    this.waits.observe(handle, ms, now);
    this.#parts.upstreams.get(handle)?.crowd.observe(ms, now, this.#options.shedMs);
  }

  succeeded(handle: number): void {
    this.#parts.standing.succeeded(handle);
  }

  failed(attempt: Attempt, { kind, reason }: Failure): void {
    if (reason === GONE || reason === OVERFLOW || reason === SLOW_CLIENT) this.ended(attempt);
    else this.#blame(attempt, kind === 'unsent' ? 'unreachable' : 'broken', reason);
  }

  /** It answered with a status that is a failure. */
  refused(attempt: Attempt, status: number): void {
    this.#blame(attempt, 'status', String(status));
  }

  #blame(attempt: Attempt, fault: Fault, reason: string): void {
    const { membership, standing, witness } = this.#parts;
    const { handle } = attempt;
    this.ended(attempt);
    const forMs = standing.failed(handle, fault);
    if (forMs > 0 && membership.eject(handle, forMs, reason)) witness.ejected(handle, reason);
  }

  #endInterval(): void {
    const { membership, standing, witness } = this.#parts;
    for (const [handle, forMs] of standing.endInterval()) {
      if (membership.eject(handle, forMs, SUCCESS_RATE)) witness.ejected(handle, SUCCESS_RATE);
    }
  }

  #takes(handle: number, retriable: boolean): boolean {
    return this.#parts.standing.admits(handle, retriable) && this.hasRoom(handle);
  }
}

/** The reason of an ejection for failing more often than the rest. */
const SUCCESS_RATE = 'success rate';
/** The reason of a request that waited for a connection in vain: the replica is not to blame. */
export const OVERFLOW = 'overflow';
/** A request that waited for a connection, so that nothing was sent. */
export const CROWDED: Failure = { kind: 'unsent', reason: OVERFLOW };
export const TIMEOUT: Failure = { kind: 'timeout', reason: 'timeout' };
