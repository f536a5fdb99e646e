/** One try to have one replica answer, from the wait for a connection to the last byte, with back-pressure both ways. */
import type { Fields } from '../http/fields.ts';
import type { ResponseHead } from '../http/response-head.ts';
import type { ClientBody } from './client-body.ts';
import { Deadline } from './deadlines.ts';
import type { DeadlineQueue } from './deadlines.ts';
import type { Ticket } from './director.ts';
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

/**
 * What comes when there was no head for a while: another replica is asked as well, early or since this one is late; or the
 * request must stay, and that its replica is late is only noticed; or nothing is left. Before it is known what the fleet takes it is looked
 * up again.
 */
export type Stage = 'look up' | 'hedge' | 'try another' | 'notice' | 'give up';

/** Who hears of a try. After `failed` or `completed` nothing more comes. */
export interface Listener {
  /** An answer before the answer: 100, 103 and the like. */
  interim(head: ResponseHead): void;
  /** The answer's head; of status 101 only where an upgrade was asked for, and all that follows is bytes then. */
  head(attempt: Attempt, head: ResponseHead): void;
  /** The bytes are the listener's for the length of the call. */
  data(bytes: Buffer): void;
  /** What came at once is over. False when the client cannot take more now: `resume` is called later. */
  flush(): boolean;
  completed(attempt: Attempt, trailers: Fields | null): void;
  failed(attempt: Attempt, failure: Failure): void;
  /** The wait that was set is over, and there is no head yet: the listener gives up, or sets another one. */
  late(attempt: Attempt): void;
}

/** What is sent. */
export interface Outgoing {
  readonly method: string;
  /** The head as it goes over the wire. */
  readonly head: string;
  readonly body: ClientBody | null;
  /** Whether the body goes in chunks. */
  readonly chunked: boolean;
  /** The protocol to which a 101 may switch in answer to this. */
  readonly upgrade: string | undefined;
  /** Whether it may be done twice. */
  readonly repeatable: boolean;
}

/** Whether all of it is there to be sent, also where a part of it was sent before. */
export function isWhole({ body }: Outgoing): boolean {
  return body?.replayable !== false;
}

/** Timers and their ticks alone are less late than this. */
const STALL_MS = 20;

/** A request at a replica. */
export class Attempt {
  readonly ticket: Ticket;
  readonly outgoing: Outgoing;
  readonly sentMs: number;
  /** Since when its answer is waited for: a long upload is not counted. */
  sinceMs: number;
  /** Who hears of it. */
  listener: Listener;
  /** Of its answer, once that has begun; 0 before. */
  status = 0;
  /** Whether it took so long that another replica was asked, and its own was blamed. */
  isLate = false;
  /** Of the trial of its replica that it is, as long as it stands in the way of another; 0 for none. */
  trialNumber = 0;
  /** What its wait, once it is over, is the time for. */
  stage: Stage = 'give up';
  #wait: DeadlineQueue | null = null;
  readonly #deadline = new Deadline(() => {
    this.#late();
  });
  #connection: UpstreamConnection | null = null;
  #pool: Pool | null = null;
  #over = false;
  /** Whether it is one of the crowd at its replica. */
  #waits = false;
  /** How much of the body had come when its wait was over last. */
  #came = 0;

  constructor(listener: Listener, ticket: Ticket, outgoing: Outgoing, sentMs: number) {
    this.listener = listener;
    this.ticket = ticket;
    this.outgoing = outgoing;
    this.sentMs = sentMs;
    this.sinceMs = sentMs;
  }

  /** The replica that it is at. */
  get handle(): number {
    return this.ticket.handle;
  }

  /** Whether it has a connection, or the beginnings of one. */
  get carried(): boolean {
    return this.#connection !== null;
  }

  /** Sets how long the head of the answer may take from now on, a long upload not counted. */
  await(wait: DeadlineQueue, stage: Stage): void {
    this.stage = stage;
    this.#wait = wait;
    wait.set(this.#deadline);
  }

  send(pool: Pool): void {
    this.#pool = pool;
    this.#waits = true;
    pool.crowd.waiting++;
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

  /** Takes no interest in the rest of the answer, which is read so that the connection can be used again. */
  ignore(): void {
    this.#end();
  }

  /** The connection that carries it, from the pool. */
  carriedBy(connection: UpstreamConnection): void {
    this.#connection = connection;
  }

  /** A long upload is no reason to give up: the wait for the head begins anew with its last byte. */
  bodySent(): void {
    if (this.#deadline.queue !== null) this.#again();
  }

  interim(head: ResponseHead): void {
    if (!this.#over) this.listener.interim(head);
  }

  answered(head: ResponseHead): void {
    this.#deadline.lift();
    this.#leave();
    if (!this.#over) this.listener.head(this, head);
  }

  data(bytes: Buffer): void {
    if (!this.#over) this.listener.data(bytes);
  }

  flush(): boolean {
    return this.#over || this.listener.flush();
  }

  completed(trailers: Fields | null): void {
    if (this.#over) return;
    this.#end();
    this.listener.completed(this, trailers);
  }

  failed(failure: Failure): void {
    if (this.#over) return;
    this.#end();
    this.listener.failed(this, failure);
  }

  /**
   * A deadline that is noticed far too late says that this process stood still: the replica gets its time again. So it does
   * while the request's body is on its way.
   */
  #late(): void {
    const stalled = performance.now() - this.#deadline.due >= STALL_MS;
    if (stalled || this.#uploads()) this.#again();
    else this.listener.late(this);
  }

  #again(): void {
    this.sinceMs = performance.now();
    this.#wait?.set(this.#deadline);
  }

  /** Whether the client still has to send, or the replica has taken something of late. */
  #uploads(): boolean {
    const { body } = this.outgoing;
    if (body === null || body.complete) return false;
    const moved = body.flowing || body.size > this.#came;
    this.#came = body.size;
    return moved;
  }

  #end(): void {
    this.#over = true;
    this.#deadline.lift();
    this.#leave();
  }

  #leave(): void {
    if (this.#waits && this.#pool) this.#pool.crowd.waiting--;
    this.#waits = false;
  }
}
