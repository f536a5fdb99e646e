/** How long a try may take before another replica is asked as well or instead, and what is to be done once it has taken that. */
import type { Attempt, Stage } from './attempt.ts';
import type { DeadlineQueue, Deadlines } from './deadlines.ts';
import type { Pace, PaceOptions } from './pace.ts';
import { LOOK_EVERY_MS, stepUp } from './pace.ts';

/** What bounds all waits. */
export interface Patience {
  readonly deadlines: Deadlines;
  /** The longest that the head of an answer may take, 0 for any. */
  readonly headMs: number;
}

/**
 * As long as it is not known what the fleet takes, another replica is asked as well after so long: where the first requests of all
 * come to a replica that hangs, nothing else would find that out before the supervisor does.
 */
const UNKNOWN_MS = 250;

/** Sets the waits of the tries of a gateway. */
export class Waits {
  readonly #pace: Pace;
  readonly #deadlines: Deadlines;
  readonly #headMs: number;

  constructor(pace: Pace, { deadlines, headMs }: Patience) {
    this.#pace = pace;
    this.#deadlines = deadlines;
    this.#headMs = headMs;
  }

  turn(options: PaceOptions): void {
    this.#pace.turn(options);
  }

  /** A first byte came after so long. */
  observe(handle: number, ms: number, now: number): void {
    this.#pace.observe(handle, ms, now);
  }

  /** Begins the wait of a try that is about to be sent; `retriable`: it can be sent twice, `more`: another could follow it. */
  arm(attempt: Attempt, retriable: boolean, more: boolean, now: number): void {
    const hedgeMs = retriable && more ? this.#pace.hedgeMs(now) : 0;
    const tryMs = this.#pace.tryMs(now);
    if (hedgeMs > 0 && (tryMs === 0 || hedgeMs < tryMs)) attempt.await(this.#lasting(hedgeMs), 'hedge');
    else if (tryMs > 0) attempt.await(this.#lasting(tryMs), more ? 'try another' : 'notice');
    else if (this.#pace.isUnknown) this.#lookUp(attempt, now);
    else attempt.await(this.#lasting(this.#headMs), 'give up');
  }

  /** Begins the next wait of a try that has passed one, and goes on. */
  rearm(attempt: Attempt, now: number): void {
    const left = attempt.stage === 'hedge' ? this.#pace.tryMs(now) - this.#pace.hedgeMs(now) : 0;
    if (left > 0) attempt.await(this.#lasting(left), 'try another');
    else if (attempt.stage === 'hedge' && this.#pace.isUnknown) this.#lookUp(attempt, now);
    else attempt.await(this.#lasting(this.#headMs), 'give up');
  }

  /**
   * What a wait that is over was for: much may have happened since it was set, and one that has looked up in vain for long is a
   * hedge from now on. `retriable`: as in `arm`, now.
   */
  stageOf(attempt: Attempt, retriable: boolean, now: number): Stage {
    const { carried, sinceMs, stage } = attempt;
    if (this.#leftMs(sinceMs, now) <= 0) return 'give up';
    if (stage === 'look up' && retriable && this.#pace.isUnknown && now - sinceMs >= UNKNOWN_MS)
      attempt.stage = 'hedge';
    // What may have been sent and must not be twice, or not whole, is bound to where it is.
    return attempt.stage === 'try another' && !retriable && carried ? 'notice' : attempt.stage;
  }

  /**
   * Whether a wait that is over says nothing of the replica: it was for what the fleet takes to be known, or the try is the
   * only one that is late, and others are answered there. Another wait begins then, within what is left; the rest as in `arm`.
   */
  leavesInPeace(attempt: Attempt, retriable: boolean, more: boolean, now: number): boolean {
    const { stage } = attempt;
    if (stage === 'look up') {
      this.arm(attempt, retriable, more, now);
      return true;
    }
    const tryMs = this.#pace.tryMs(now);
    if (stage === 'hedge' || stage === 'give up' || !this.#pace.isAlive(attempt.handle, now)) return false;
    attempt.await(this.#atMost(this.#leftMs(attempt.sinceMs, now), tryMs), stage);
    return true;
  }

  /** Waits for more to be known of the fleet, and for the answer as long as it may take in any case. */
  #lookUp(attempt: Attempt, now: number): void {
    attempt.await(this.#atMost(this.#leftMs(attempt.sinceMs, now), LOOK_EVERY_MS), 'look up');
  }

  #leftMs(sinceMs: number, now: number): number {
    return this.#headMs === 0 ? Infinity : sinceMs + this.#headMs - now;
  }

  #atMost(leftMs: number, ms: number): DeadlineQueue {
    return this.#lasting(Math.min(ms, stepUp(Math.max(1, leftMs))));
  }

  #lasting(ms: number): DeadlineQueue {
    return this.#deadlines.lasting(ms);
  }
}
