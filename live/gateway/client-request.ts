/** A request of a client, and the way back for its answer. */
import { STATUS_CODES } from 'node:http';
import { lastChunk, writeChunk } from '../http/chunks.ts';
import type { Fields } from '../http/fields.ts';
import { hasNoBody } from '../http/response-head.ts';
import type { RequestHead } from '../http/request-head.ts';
import { failure } from '../answer.ts';
import type { Answer } from '../types.ts';
import type { ClientBody } from './client-body.ts';
import type { ClientConnection } from './client-connection.ts';
import { httpDate } from './http-date.ts';

/** Who hears what becomes of the way back. */
export interface RequestListener {
  /** After a full socket: there is room again. */
  drained(): void;
  /** The client went away, or sent what is no body, for which it got this status; nothing can be answered any more. */
  gone(status?: number): void;
}

/** A head for the client: its fields are lines `Name: value CRLF`. */
export interface ReplyHead {
  readonly status: number;
  readonly reason: string;
  readonly fields: string;
  /** The Content-Length, or -1 where the body's end will show by itself. */
  readonly length: number;
}

type BodyForm = 'none' | 'plain' | 'chunked' | 'close';

/** One request and its answer. */
export class ClientRequest {
  readonly head: RequestHead;
  readonly body: ClientBody | null;
  listener: RequestListener | null = null;
  /** After a 101: what the client sends. */
  tunnel: ClientBody | null = null;
  /** The head of the answer is on its way. */
  begun = false;
  /** The answer was handed over whole. */
  over = false;
  readonly #connection: ClientConnection;
  #form: BodyForm = 'none';
  /** Some of the answer may be on the wire. */
  #left = false;
  #stays = true;
  #continued: boolean;

  constructor(connection: ClientConnection, head: RequestHead, body: ClientBody | null) {
    this.#connection = connection;
    this.head = head;
    this.body = body;
    this.#continued = !head.expectsContinue;
  }

  /** Answers what could not be read. */
  static refuse(connection: ClientConnection, status: number, message: string): void {
    const { body } = failure(message, status);
    connection.outlet.text(whole({ status, body }, '', 'Connection: close\r\n', true));
    connection.outlet.flush();
  }

  /** The client's address. */
  get client(): string {
    return this.#connection.client;
  }

  /** Hands on an interim answer, to a client that knows such (RFC 9110 section 15.2). */
  interim({ status, reason, fields }: Omit<ReplyHead, 'length'>): void {
    if (this.begun || this.over || this.head.minor === 0) return;
    if (status === 100 && this.#continued) return;
    if (status === 100) {
      this.#continued = true;
      this.body?.invite();
    }
    this.#connection.outlet.text(`HTTP/1.1 ${status} ${reason}\r\n${fields}\r\n`);
    this.#connection.outlet.flush();
  }

  /** Begins the answer; it leaves with `flush`. */
  reply({ status, reason, fields, length }: ReplyHead): void {
    const bodyless = hasNoBody(this.head.method, status);
    this.begun = true;
    this.#form = bodyless ? 'none' : length >= 0 ? 'plain' : this.head.minor === 1 ? 'chunked' : 'close';
    const framing =
      this.#form === 'chunked'
        ? 'Transfer-Encoding: chunked\r\n'
        : length >= 0 && status !== 204
          ? `Content-Length: ${length}\r\n`
          : '';
    this.#connection.outlet.text(
      `HTTP/1.1 ${status} ${reason}\r\n${fields}${framing}${this.#persistence()}\r\n`,
    );
  }

  /** Bytes of the answer's body, for the length of the call. */
  data(bytes: Buffer): void {
    if (this.#form === 'chunked') writeChunk(this.#connection.outlet, bytes, true);
    else if (this.#form !== 'none') this.#connection.outlet.bytes(bytes, true);
  }

  /** Takes back an answer of which nothing has left, so that another can be given. False when some of it has. */
  takeBack(): boolean {
    if (!this.begun || this.#left || this.over || !this.#connection.outlet.recall()) return false;
    this.begun = false;
    return true;
  }

  /** False when the client cannot take more now; the listener's `drained` follows. */
  flush(): boolean {
    this.#left = true;
    const room = this.#connection.outlet.flush();
    if (!room) this.#connection.full();
    return room;
  }

  end(trailers: Fields | null): void {
    if (this.#form === 'chunked') this.#connection.outlet.text(lastChunk(trailers));
    this.flush();
    this.#finish();
  }

  /** A whole answer in the lab's form; `fields` go beside it, lines as in `ReplyHead`. */
  send(answer: Answer, fields = ''): void {
    this.sendText(answer.status, JSON.stringify(answer.body), fields);
  }

  /** A whole answer of JSON that is text already. */
  sendText(status: number, text: string, fields = ''): void {
    if (this.begun || this.over) return;
    this.begun = true;
    const withBody = !hasNoBody(this.head.method, status);
    this.#connection.outlet.text(whole({ status, body: text }, fields, this.#persistence(), withBody));
    this.flush();
    this.#finish();
  }

  /** Passes on that the replica switches protocols: from now on both sides send bytes. Returns those of the client. */
  switched({ reason, fields }: Pick<ReplyHead, 'reason' | 'fields'>): ClientBody {
    this.begun = true;
    this.#form = 'close';
    this.#stays = false;
    this.#connection.outlet.text(`HTTP/1.1 101 ${reason}\r\n${fields}\r\n`);
    this.flush();
    this.tunnel = this.#connection.tunnel();
    return this.tunnel;
  }

  /** The answer breaks off, so that the client can see that it is not whole. */
  destroy(): void {
    this.#connection.destroy(this.#form === 'close');
  }

  /** The client's side of the connection is gone. */
  gone(): void {
    this.body?.abort();
    this.tunnel?.abort();
    if (this.over) return;
    this.over = true;
    this.listener?.gone();
  }

  /** The client sent what is no body, or too much or too late of one. */
  broken(status: number, message: string): void {
    if (this.begun) this.destroy();
    else this.send(failure(message, status), 'Connection: close\r\n');
    this.body?.abort();
    this.listener?.gone(status);
  }

  #finish(): void {
    this.over = true;
    this.body?.drop();
    if (this.tunnel) this.#connection.halfClose();
    else this.#connection.answered(this.#stays);
  }

  /** What the answer says of the connection. After an unmet expectation nobody knows whether the body will come. */
  #persistence(): string {
    this.#stays =
      this.head.keepAlive && this.#connection.mayStay && this.#continued && this.#form !== 'close';
    if (!this.#stays) return 'Connection: close\r\n';
    return this.head.minor === 0 ? 'Connection: keep-alive\r\n' : '';
  }
}

/** Clients are to come again a second after it. */
const UNAVAILABLE = 503;

/** An answer of the gateway's own. */
function whole(
  { status, body }: { status: number; body: unknown },
  fields: string,
  persistence: string,
  withBody: boolean,
): string {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const length = Buffer.byteLength(text);
  const head = `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\nDate: ${httpDate()}\r\n${fields}`;
  const later = status === UNAVAILABLE ? 'Retry-After: 1\r\n' : '';
  const framing = `${later}Content-Type: application/json\r\nContent-Length: ${length}\r\n${persistence}\r\n`;
  return `${head}${framing}${withBody ? Buffer.from(text).latin1Slice() : ''}`;
}
