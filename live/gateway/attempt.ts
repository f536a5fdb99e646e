/** One try to have one replica answer: undici's low-level handler, with back-pressure in both directions. */
import type { Dispatcher, Pool } from 'undici';
import type { LentBody } from './body.ts';

/** How a try went wrong, before or after its first byte came. */
export interface Failure {
  readonly kind: 'unsent' | 'broken' | 'timeout' | 'invalid';
  /** The system's or the library's code: ECONNREFUSED, UND_ERR_SOCKET … */
  readonly reason: string;
}

/** Who hears of a try. After `failed` or `completed` nothing more comes. */
export interface Listener {
  head(status: number, statusText: string, rawHeaders: readonly Buffer[]): void;
  /** False when the client cannot take more now; it calls `resume` later. */
  data(chunk: Buffer): boolean;
  completed(rawTrailers: readonly Buffer[]): void;
  failed(failure: Failure): void;
}

/** What is sent. */
export interface Outgoing {
  readonly method: string;
  readonly path: string;
  readonly headers: string[];
  readonly body: LentBody | null;
}

/**
 * A request at a replica. It implements the first of undici's two handler interfaces, which hands over the bytes of
 * the header fields as they came; the other one parses them into an object that would only be taken apart again.
 */
export class Attempt implements Dispatcher.DispatchHandler {
  readonly #listener: Listener;
  readonly #headMs: number;
  #timer: NodeJS.Timeout | undefined;
  #abort: ((error?: Error) => void) | undefined;
  #resume: (() => void) | undefined;
  #over = false;

  constructor(listener: Listener, headMs: number) {
    this.#listener = listener;
    this.#headMs = headMs;
  }

  send(pool: Pool, { method, path, headers, body }: Outgoing): void {
    if (this.#headMs > 0) this.#timer = setTimeout(this.#late, this.#headMs);
    pool.dispatch({ method, path, headers, body, reset: false }, this);
  }

  /** Takes up a paused answer again. */
  resume(): void {
    this.#resume?.();
  }

  /** Gives the try up; the listener hears no more of it. */
  abandon(reason: Error): void {
    this.#end();
    this.#abort?.(reason);
  }

  onConnect(abort: (error?: Error) => void): void {
    if (this.#over) abort(new Error('given up before it was sent'));
    else this.#abort = abort;
  }

  /** A long upload is no reason to give up: the wait for the head begins with the last byte sent. */
  onBodySent(): void {
    this.#timer?.refresh();
  }

  onHeaders(status: number, raw: Buffer[], resume: () => void, statusText: string): boolean {
    if (status < 200 || this.#over) return true;
    clearTimeout(this.#timer);
    this.#resume = resume;
    this.#listener.head(status, statusText, raw);
    return true;
  }

  onData(chunk: Buffer): boolean {
    return this.#over || this.#listener.data(chunk);
  }

  onComplete(trailers: string[] | null): void {
    if (this.#over) return;
    this.#end();
    this.#listener.completed((trailers ?? []) as unknown as Buffer[]);
  }

  onError(error: Error): void {
    if (this.#over) return;
    this.#end();
    const reason = 'code' in error ? String(error.code) : error.name;
    const kind = reason === 'UND_ERR_INVALID_ARG' ? 'invalid' : this.#abort ? 'broken' : 'unsent';
    this.#listener.failed({ kind, reason });
  }

  #end(): void {
    this.#over = true;
    clearTimeout(this.#timer);
  }

  /** After a stall of this process the timer is due before the answer, which may be there, was looked at. */
  readonly #late = (): void => {
    setImmediate(this.#giveUp);
  };

  readonly #giveUp = (): void => {
    if (this.#over || this.#resume) return;
    this.abandon(new Error('no answer in time'));
    this.#listener.failed({ kind: 'timeout', reason: 'timeout' });
  };
}
