/** One connection of a client: its requests one after the other, strictly read, each answered before the next. */
import type { Socket } from 'node:net';
import { BodyReader } from '../http/body-reader.ts';
import { emptyLines } from '../http/head-end.ts';
import { Malformed } from '../http/malformed.ts';
import { Outlet } from '../http/outlet.ts';
import { firstRequest, restReader } from '../http/request-head.ts';
import type { RequestHead, RestReader } from '../http/request-head.ts';
import { ClientBody, tooLarge } from './client-body.ts';
import type { BodySource } from './client-body.ts';
import { ClientRequest } from './client-request.ts';
import type { ConnectionHost } from './connection-host.ts';
import { Patience } from './patience.ts';
import { plainAddress } from './plain-address.ts';
import type { Awaited } from './patience.ts';

/** Bytes that are read ahead of what can be dealt with. */
const AHEAD_BYTES = 65_536;
const NOTHING = Buffer.alloc(0);

/** The socket of a client, and the request on it. */
export class ClientConnection implements BodySource {
  /** The address, an IPv4 one as it is written. */
  readonly client: string;
  readonly outlet: Outlet;
  readonly #socket: Socket;
  readonly #host: ConnectionHost;
  readonly #patience: Patience;
  readonly #rest: RestReader;
  #pending: Buffer = NOTHING;
  #request: ClientRequest | null = null;
  #advancing = false;
  /** It says no more; what still comes is thrown away. */
  #over = false;
  /** The client says no more. */
  #ended = false;
  #writtenAtEnd = 0;

  constructor(socket: Socket, host: ConnectionHost) {
    this.#socket = socket;
    this.#host = host;
    this.client = plainAddress(socket.remoteAddress);
    this.outlet = new Outlet(socket);
    this.#rest = restReader(host.limits);
    this.#patience = new Patience(host.waits, (awaited) => {
      this.#late(awaited);
    });
    socket
      .on('data', this.#data)
      .on('drain', this.#drained)
      .on('end', this.#clientEnded)
      .on('error', () => undefined) // 'close' follows
      .on('close', this.#closed);
  }

  /** No request is under way, nor a part of one. */
  get idle(): boolean {
    return this.#request === null && this.#pending.length === 0;
  }

  /** Whether there may be another request after the one under way. */
  get mayStay(): boolean {
    return !this.#host.closing && !this.#ended;
  }

  bodyWanted(): void {
    if (!this.#request?.tunnel) this.#patience.await('body');
    this.#socket.resume();
    this.#advance();
  }

  bodyHeld(): void {
    this.#patience.lift();
    this.#socket.pause();
  }

  bodySlow(): void {
    this.#late('body');
  }

  /** The client does not read as fast as it is written to. */
  full(): void {
    this.#patience.await('send');
  }

  /** The request's answer was handed over whole. */
  answered(stays: boolean): void {
    if (!stays) this.close();
    else this.#advance();
  }

  /** After a 101: all that comes from now on. */
  tunnel(): ClientBody {
    return new ClientBody(this, new BodyReader('close', -1, this.#host.limits), 0);
  }

  /** After a 101: the replica says no more, while the client may go on. */
  halfClose(): void {
    this.#socket.end();
  }

  /** Says no more, and listens a while, since a client that is cut off while it sends may lose the answer. */
  close(): void {
    if (this.#over) return;
    this.#over = true;
    this.#pending = NOTHING;
    this.#socket.end();
    this.#socket.resume();
    this.#patience.await('linger');
  }

  /** Breaks it off; with `reset` so that the client cannot take what it got for the whole. */
  destroy(reset = false): void {
    if (reset) this.#socket.resetAndDestroy();
    else this.#socket.destroy();
  }

  readonly #data = (chunk: Buffer): void => {
    if (this.#over) return;
    this.#pending = this.#pending.length === 0 ? chunk : Buffer.concat([this.#pending, chunk]);
    this.#advance();
  };

  #advance(): void {
    if (this.#advancing || this.#over) return;
    this.#advancing = true;
    try {
      while (this.#step());
    } catch (error) {
      if (!(error instanceof Malformed)) throw error;
      this.#refuse(error);
    } finally {
      this.#advancing = false;
    }
    if (this.#request !== null && this.#pending.length > AHEAD_BYTES) this.#socket.pause();
  }

  /** True when there may be more to do with what has come. */
  #step(): boolean {
    if (this.#over) return false;
    if (this.#request === null) return this.#begin();
    const { body, over, tunnel } = this.#request;
    if (tunnel) return !tunnel.complete && this.#feed(tunnel);
    if (body?.complete === false) return this.#feed(body);
    if (!over) return false;
    this.#request = null;
    this.#patience.await('idle');
    if (this.#ended || this.#host.ending) this.close();
    else if (this.#socket.isPaused()) this.#socket.resume();
    return true;
  }

  #feed(body: ClientBody): boolean {
    if (!body.flowing || this.#pending.length === 0) return false;
    if (!this.#request?.tunnel) this.#patience.await('body');
    const bytes = this.#pending;
    this.#pending = NOTHING;
    const rest = body.feed(bytes);
    if (rest < bytes.length) this.#pending = bytes.subarray(rest);
    if (body.complete) this.#bodyCame();
    return body.complete;
  }

  /** The client has sent what it had to, but may still have to read. */
  #bodyCame(): void {
    if (this.#socket.writableNeedDrain) this.#patience.await('send');
    else this.#patience.lift();
  }

  #begin(): boolean {
    if (emptyLines(this.#pending) === this.#pending.length) this.#pending = NOTHING;
    if (this.#pending.length === 0) return false;
    const first = firstRequest(this.#pending, this.#host.limits, this.#rest);
    if (first === null) {
      if (this.#patience.awaited !== 'head') this.#patience.await('head');
      return false;
    }
    const { end, head } = first;
    this.#pending = end === this.#pending.length ? NOTHING : this.#pending.subarray(end);
    this.#patience.lift();
    this.#request = new ClientRequest(this, head, this.#bodyOf(head));
    this.#host.serve(this.#request);
    return true;
  }

  #bodyOf({ framing, length }: RequestHead): ClientBody | null {
    const { limits } = this.#host;
    if (framing === 'none') return null;
    if (limits.bodyBytes > 0 && length > limits.bodyBytes) throw tooLarge(limits.bodyBytes);
    return new ClientBody(this, new BodyReader(framing, length, limits), limits.bodyBytes);
  }

  /** What came is no request, or its body is none: said once, and then the connection ends. */
  #refuse({ status, message }: Malformed): void {
    const request = this.#request;
    this.#request = null;
    this.#host.refused(status);
    if (request === null) ClientRequest.refuse(this, status, message);
    else request.broken(status, message);
    this.close();
  }

  #late(awaited: Awaited): void {
    if (awaited === 'head' || awaited === 'body') this.#refuse(new Malformed('it did not come in time', 408));
    else if (awaited === 'halfClosed' && this.#socket.bytesWritten > this.#writtenAtEnd)
      this.#watchHalfClosed();
    else this.destroy();
  }

  readonly #drained = (): void => {
    const request = this.#request;
    if (request?.body?.flowing === true && !request.body.complete) this.#patience.await('body');
    else this.#patience.lift();
    request?.listener?.drained();
  };

  /**
   * The client has closed, or will only listen from now on; which of both shows when it is written to. What is not
   * answered after a moment is taken for not wanted.
   */
  readonly #clientEnded = (): void => {
    this.#ended = true;
    const request = this.#request;
    if (request === null || this.#over) this.#socket.end();
    else if (request.tunnel) request.tunnel.finish();
    else if (request.body?.complete === false) this.destroy();
    else this.#watchHalfClosed();
  };

  #watchHalfClosed(): void {
    this.#writtenAtEnd = this.#socket.bytesWritten;
    this.#patience.await('halfClosed');
  }

  readonly #closed = (): void => {
    this.#over = true;
    this.#patience.lift();
    const request = this.#request;
    this.#request = null;
    request?.gone();
    this.#host.closed(this);
  };
}
