/** An answer that is kept back while a better one may come: a failure, or one beside another that is not whole yet. */
import type { Fields } from '../http/fields.ts';
import type { ResponseHead } from '../http/response-head.ts';
import type { Attempt, Failure, Listener } from './attempt.ts';
import type { Recipient } from './recipient.ts';

/** So much of it is kept; the replica is held back with the rest. */
const MOST_BYTES = 65_536;

/** Who hears what becomes of it meanwhile. */
export interface Keeper {
  /** All of it has come. */
  whole(spare: Spare): void;
  /** It breaks off. */
  lost(spare: Spare, failed: Failure): void;
}

/** What there is of it so far. */
export class Spare implements Listener {
  readonly attempt: Attempt;
  /** Whether it is an answer that a request may end with while others could be asked. */
  readonly isSound: boolean;
  isWhole = false;
  readonly #keeper: Keeper;
  readonly #head: ResponseHead;
  readonly #parts: Buffer[] = [];
  #bytes = 0;
  #trailers: Fields | null = null;

  constructor(keeper: Keeper, attempt: Attempt, head: ResponseHead, isSound: boolean) {
    this.attempt = attempt;
    this.isSound = isSound;
    this.#keeper = keeper;
    this.#head = head;
    attempt.listener = this;
  }

  /** Passes on what there is; the rest, if there is one, comes to `listener`. */
  release(recipient: Recipient, listener: Listener): void {
    recipient.head(this.attempt.handle, this.#head);
    for (const part of this.#parts) recipient.data(part);
    if (this.isWhole) {
      recipient.completed(this.#trailers);
      return;
    }
    this.attempt.listener = listener;
    if (recipient.flush()) this.attempt.resume();
  }

  data(bytes: Buffer): void {
    this.#bytes += bytes.length;
    this.#parts.push(Buffer.from(bytes)); // what is read next lies in the same memory
  }

  flush(): boolean {
    return this.#bytes < MOST_BYTES;
  }

  completed(_attempt: Attempt, trailers: Fields | null): void {
    this.isWhole = true;
    this.#trailers = trailers;
    this.#keeper.whole(this);
  }

  failed(_attempt: Attempt, failed: Failure): void {
    this.#keeper.lost(this, failed);
  }

  /** Neither comes after a head, nor is one waited for. */
  interim(): void {
    return;
  }

  head(): void {
    return;
  }

  late(): void {
    return;
  }
}
