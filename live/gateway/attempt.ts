/** One try to have one replica answer, from the wait for a connection to the last byte, with back-pressure both ways. */
import type { Fields } from '../http/fields.ts';
import type { ResponseHead } from '../http/response-head.ts';
import type { ClientBody } from './client-body.ts';
import { Deadline } from './deadlines.ts';
import type { DeadlineQueue } from './deadlines.ts';
import type { Pool } from './upstreams.ts';
import type { UpstreamConnection } from './upstream-connection.ts';

/**
 * How a try went wrong, before or after its first byte came: surely nothing was sent, something may have been, there was
 * no answer in time, or what came was no HTTP.
 */
export interface Failure {
  readonly kind: 'unsent' | 'broken' | 'timeout' | 'invalid';
  /** The system's code, as ECONNREFUSED, or what was not legal. */
  readonly reason: string;
}

/** Who hears of a try. After `failed` or `completed` nothing more comes. */
export interface Listener {
  /** An answer before the answer: 100, 103 and the like. */
  interim(head: ResponseHead): void;
  /** The answer's head; of status 101 only where an upgrade was asked for, and all that follows is bytes then. */
  head(head: ResponseHead): void;
  /** The bytes are the listener's for the length of the call. */
  data(bytes: Buffer): void;
  /** What came at once is over. False when the client cannot take more now: `resume` is called later. */
  flush(): boolean;
  completed(trailers: Fields | null): void;
  failed(failure: Failure): void;
}

/** What is sent. */
export interface Outgoing {
  readonly method: string;
  /** The head as it goes over the wire. */
  readonly head: string;
  readonly body: ClientBody | null;
  /** Whether the body goes in chunks. */
  readonly chunked: boolean;
  /** Whether a 101 is an answer to this. */
  readonly upgrade: boolean;
}

/** A request at a replica. */
export class Attempt {
  readonly #listener: Listener;
  readonly outgoing: Outgoing;
  readonly #wait: DeadlineQueue;
  readonly #deadline = new Deadline(() => {
    this.#give({ kind: 'timeout', reason: 'timeout' });
  });
  #connection: UpstreamConnection | null = null;
  #pool: Pool | null = null;
  #over = false;

  /** @param wait how long the head of the answer may take, a long upload not counted */
  constructor(listener: Listener, outgoing: Outgoing, wait: DeadlineQueue) {
    this.#listener = listener;
    this.outgoing = outgoing;
    this.#wait = wait;
  }

  send(pool: Pool): void {
    this.#wait.set(this.#deadline);
    this.#pool = pool;
    pool.serve(this);
  }

  /** Takes up a paused answer again. */
  resume(): void {
    this.#connection?.resume();
  }

  /** After a 101: what the client sends from now on. */
  lend(body: ClientBody): void {
    this.#connection?.lend(body);
  }

  /** Gives the try up; the listener hears no more of it. */
  abandon(): void {
    if (this.#over) return;
    this.#end();
    if (this.#connection) this.#connection.destroy();
    else this.#pool?.forget(this);
  }

  /** The connection that carries it, from the pool. */
  carriedBy(connection: UpstreamConnection): void {
    this.#connection = connection;
  }

  /** A long upload is no reason to give up: the wait for the head begins anew with its last byte. */
  bodySent(): void {
    if (this.#deadline.queue !== null) this.#wait.set(this.#deadline);
  }

  interim(head: ResponseHead): void {
    if (!this.#over) this.#listener.interim(head);
  }

  answered(head: ResponseHead): void {
    this.#deadline.lift();
    if (!this.#over) this.#listener.head(head);
  }

  data(bytes: Buffer): void {
    if (!this.#over) this.#listener.data(bytes);
  }

  flush(): boolean {
    return this.#over || this.#listener.flush();
  }

  completed(trailers: Fields | null): void {
    if (this.#over) return;
    this.#end();
    this.#listener.completed(trailers);
  }

  failed(failure: Failure): void {
    if (this.#over) return;
    this.#end();
    this.#listener.failed(failure);
  }

  #give(failure: Failure): void {
    this.abandon();
    this.#listener.failed(failure);
  }

  #end(): void {
    this.#over = true;
    this.#deadline.lift();
  }
}
