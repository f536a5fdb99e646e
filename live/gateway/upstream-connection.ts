/** One connection to a replica: writes a request, reads its answer strictly, and is then free for the next. */
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { AnswerReader } from '../http/answer-reader.ts';
import type { AnswerTaker } from '../http/answer-reader.ts';
import { lastChunk, writeChunk } from '../http/chunks.ts';
import type { Fields } from '../http/fields.ts';
import { LastRead } from '../http/last-read.ts';
import { Malformed } from '../http/malformed.ts';
import { Outlet } from '../http/outlet.ts';
import { parseResponseHead } from '../http/response-head.ts';
import type { ResponseHead } from '../http/response-head.ts';
import type { Attempt, Failure } from './attempt.ts';
import type { BodySink, ClientBody } from './client-body.ts';
import { Deadline } from './deadlines.ts';
import { idleMs } from './idle.ts';
import type { Pool } from './upstreams.ts';

const CHUNK_BYTES = 65_536;
/** What all connections read into: what is in it is dealt with before the next one reads. */
const inbox = Buffer.allocUnsafeSlow(CHUNK_BYTES);

/**
 * A client that has read nothing for so long, with every buffer on its way full, can lose its connection to one that waits:
 * before the wait for it is taken for a queue at the replica, of which most are refused.
 */
const UNREAD_MS = 250;
/** The same for one that is slow to send, whose first bytes may take a while. */
const UNSENT_MS = 1000;
/** An upload that brings less is slow; what is left when each of a replica's connections has one is little. */
const SLOW_BYTES_A_SECOND = 8192;
/** The reason of what was cut because its client kept others waiting. */
export const SLOW_CLIENT = 'slow client';

/** A socket to a replica, with at most one request on it. */
export class UpstreamConnection implements BodySink, AnswerTaker {
  readonly #pool: Pool;
  readonly #socket: Socket;
  readonly #outlet: Outlet;
  readonly #deadline: Deadline;
  readonly #heads: LastRead<ResponseHead>;
  #attempt: Attempt | null = null;
  #answer: AnswerReader | null = null;
  #body: ClientBody | null = null;
  /** Something of the request may have reached the replica. */
  #written = false;
  /** All of the request was written. */
  #sent = false;
  #tunnel = false;
  /** Since when the client does not read its answer; 0 where it does. */
  #heldMs = 0;
  #kind: Failure['kind'] = 'broken';
  #reason = '';

  constructor(pool: Pool) {
    this.#pool = pool;
    this.#heads = new LastRead((text) => parseResponseHead(text, 'GET', pool.options.limits));
    this.#deadline = new Deadline(() => {
      this.destroy(this.#written ? 'timeout' : 'ETIMEDOUT');
    });
    const onread = { buffer: inbox, callback: this.#read };
    const manner = { noDelay: true, keepAlive: true, allowHalfOpen: true, highWaterMark: CHUNK_BYTES };
    this.#socket = connect({ host: pool.host, port: pool.port, onread, ...manner });
    this.#outlet = new Outlet(this.#socket);
    this.#socket
      .on('connect', () => {
        if (this.#attempt) this.#write(this.#attempt);
      })
      .on('error', (error: NodeJS.ErrnoException) => (this.#reason ||= error.code ?? error.message))
      .on('drain', () => this.#body?.resume())
      .on('end', this.#ended)
      .on('close', this.#closed);
  }

  /** Sends a request, as soon as there is a connection. */
  carry(attempt: Attempt): void {
    this.#attempt = attempt;
    this.#answer = new AnswerReader(attempt.outgoing, this.#pool.options.limits, this.#heads);
    this.#written = false;
    this.#sent = false;
    attempt.carriedBy(this);
    if (this.#socket.connecting) this.#within(this.#pool.options.connectMs);
    else if (attempt.outgoing.repeatable) this.#write(attempt);
    else setImmediate(this.#writeIfAlive, attempt);
  }

  /** Takes up a paused answer again. */
  resume(): void {
    this.#heldMs = 0;
    this.#watchSilence();
    this.#socket.resume();
  }

  /** Closes it; what is on it has failed, for this reason. */
  destroy(reason = 'closed', kind: Failure['kind'] = 'broken'): void {
    this.#reason ||= reason;
    this.#kind = kind;
    this.#socket.destroy();
  }

  /** For how long, in ms, a client too slow for others to wait for has kept it; 0 when it has not, or not for long. */
  slowMs(now: number): number {
    if (this.#attempt === null || this.#tunnel) return 0;
    const unread = this.#heldMs > 0;
    const ms = unread
      ? now - this.#heldMs
      : (this.#attempt.outgoing.body?.slowMs(SLOW_BYTES_A_SECOND, now) ?? 0);
    return ms > (unread ? UNREAD_MS : UNSENT_MS) ? ms : 0;
  }

  /** Takes it from its client, so that another one can have it. */
  cut(): void {
    if (this.#heldMs > 0) this.destroy(SLOW_CLIENT);
    else this.#attempt?.outgoing.body?.cut();
  }

  /** What the client sends after the replica switched protocols. */
  lend(body: ClientBody): void {
    this.#body = body;
    body.start(this);
  }

  /** A part of the request's body. */
  take(bytes: Buffer): void {
    if (this.#attempt?.outgoing.chunked === true && !this.#tunnel) writeChunk(this.#outlet, bytes, false);
    else this.#outlet.bytes(bytes, false);
    if (this.#tunnel) this.#watchSilence();
  }

  flush(): boolean {
    return this.#outlet.flush();
  }

  /** The client has sent everything. */
  end(trailers: Fields | null): void {
    if (!this.#tunnel && this.#attempt?.outgoing.chunked === true) this.#outlet.text(lastChunk(trailers));
    this.#outlet.flush();
    this.#sent = true;
    if (this.#tunnel) this.#socket.end();
    else this.#attempt?.bodySent();
  }

  /** The client has gone away. */
  abort(): void {
    this.destroy();
  }

  interim(head: ResponseHead): void {
    this.#attempt?.interim(head);
  }

  answered(head: ResponseHead): void {
    const switches = head.status < 200;
    // What is left of the request would go on as bytes of the other protocol.
    if (switches && !this.#sent) throw new Malformed('it switches before the request is whole');
    this.#tunnel = switches;
    this.#attempt?.answered(head);
  }

  data(bytes: Buffer): void {
    this.#attempt?.data(bytes);
  }

  /**
   * What may be sent once only is written after all that has come was looked at: a kept connection that the replica has
   * closed by then has surely carried nothing.
   */
  readonly #writeIfAlive = (attempt: Attempt): void => {
    if (this.#attempt === attempt && !this.#socket.destroyed) this.#write(attempt);
  };

  #write(attempt: Attempt): void {
    const { body, head } = attempt.outgoing;
    this.#deadline.lift();
    this.#written = true;
    this.#sent = body === null;
    this.#outlet.text(head);
    this.#body = body;
    body?.start(this);
    this.#outlet.flush();
  }

  readonly #read = (size: number): boolean => {
    const [attempt, answer] = [this.#attempt, this.#answer];
    if (attempt === null || answer === null || !this.#written) {
      this.destroy('unasked'); // bytes that nobody asked for could be taken for the next answer
      return false;
    }
    const left = this.#parse(answer, inbox.subarray(0, size));
    if (left < 0) return false;
    if (answer.done) {
      this.#complete(attempt, answer, left === 0);
      return true;
    }
    if (attempt.flush()) {
      this.#watchSilence();
      return true;
    }
    this.#deadline.lift();
    this.#heldMs = performance.now();
    return false;
  };

  /** The number of bytes after the answer, or -1 when it is none: the connection is closed then. */
  #parse(answer: AnswerReader, bytes: Buffer): number {
    try {
      return answer.read(bytes, this);
    } catch (error) {
      if (!(error instanceof Malformed)) throw error;
      this.destroy(error.message, 'invalid');
      return -1;
    }
  }

  #complete(attempt: Attempt, { head, body }: AnswerReader, clean: boolean): void {
    this.#attempt = null;
    this.#answer = null;
    this.#heldMs = 0;
    const keepMs = clean && this.#sent && head?.keepAlive === true ? idleMs(head.fields) : 0;
    if (keepMs > 0) {
      this.#within(keepMs);
      this.#pool.release(this);
    } else if (!this.#tunnel) this.destroy();
    attempt.completed(body?.trailers ?? null);
  }

  /** An answer that has begun goes on, and a connection that was switched says something now and then. */
  #watchSilence(): void {
    const { bodyMs, tunnelMs } = this.#pool.options;
    if (this.#tunnel) this.#within(tunnelMs);
    else if (this.#answer?.head) this.#within(bodyMs);
  }

  #within(ms: number): void {
    this.#pool.deadlines.lasting(ms).set(this.#deadline);
  }

  readonly #ended = (): void => {
    if (this.#attempt && this.#answer?.finish() === true) this.#complete(this.#attempt, this.#answer, false);
    else this.destroy();
  };

  readonly #closed = (): void => {
    this.#deadline.lift();
    this.#pool.closed(this);
    const attempt = this.#attempt;
    this.#attempt = null;
    const kind = this.#written ? this.#kind : 'unsent';
    attempt?.failed({ kind, reason: this.#reason || 'closed' });
  };
}
