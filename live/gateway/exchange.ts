/** One request of a client and its answer: what comes from whichever replica answers goes back, less what is of this hop. */
import type { Key } from '../../core/types.ts';
import { failure } from '../answer.ts';
import type { Fields } from '../http/fields.ts';
import { hasNoBody } from '../http/response-head.ts';
import type { ResponseHead } from '../http/response-head.ts';
import type { Answer } from '../types.ts';
import type { Outgoing } from './attempt.ts';
import type { ClientRequest, ReplyHead, RequestListener } from './client-request.ts';
import type { Ended, Forwarding } from './forwarding.ts';
import { requestHead, responseFields } from './headers.ts';
import { pathOf } from './key.ts';
import type { Recipient } from './recipient.ts';
import { Tries } from './tries.ts';

/** Methods that may be sent twice (RFC 9110 section 9.2.2). */
const IDEMPOTENT = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'PUT', 'DELETE']);
/** The status that logs and metrics show where the client did not wait, after nginx. */
const CLIENT_GONE = 499;
const SWITCHING = 101;

/** A request between its client and the replicas that are tried for it. */
export class Exchange implements Ended, Recipient, RequestListener {
  readonly request: ClientRequest;
  readonly startedMs = performance.now();
  key: Key = '';
  status = 0;

  readonly #forwarding: Forwarding;
  readonly #upgrade: string | undefined;
  readonly #tries: Tries;
  /** The answer's body is of no use, as of a 404, whose place the lab's text takes. */
  #discard = false;
  /** The head of an answer that waits to be whole, and what there is of its body. */
  #held: ReplyHead | null = null;
  #parts: Buffer[] = [];
  #ended = false;

  constructor(forwarding: Forwarding, request: ClientRequest) {
    this.#forwarding = forwarding;
    this.request = request;
    const { body, client, head } = request;
    const { upgrade } = head;
    this.#upgrade = upgrade !== undefined && forwarding.upgrades.includes(upgrade) ? upgrade : undefined;
    const outgoing: Outgoing = {
      method: head.method,
      head: requestHead(head, client, this.#upgrade),
      body,
      chunked: head.framing === 'chunked',
      upgrade: this.#upgrade,
      repeatable: this.#upgrade === undefined && IDEMPOTENT.has(head.method),
    };
    body?.keep(forwarding.failover.options.replayBytes, head.length);
    this.#tries = new Tries(this, forwarding, outgoing);
    request.listener = this;
  }

  get handle(): number {
    return this.#tries.handle;
  }

  /** The replicas tried, in order. */
  get tried(): readonly number[] {
    return this.#tries.tried;
  }

  /** Whether bytes of the answer have gone to the client: then it is this answer or none. */
  get begun(): boolean {
    return this.request.begun;
  }

  /** Sends the request to the replica of its key. */
  begin(): void {
    this.key = this.#forwarding.keyOf(this.request);
    this.#tries.begin(this.key, this.startedMs);
  }

  interim({ status, reason, ...head }: ResponseHead): void {
    this.request.interim({ status, reason, fields: responseFields({ status, reason, ...head }) });
  }

  head(handle: number, head: ResponseHead): void {
    const { status, reason, length, framing } = head;
    if (status === 404) {
      this.#discard = true;
      const path = pathOf(this.request.head.target);
      this.answer(failure(`'${path}' endpoint does not exist in server replicas`));
      return;
    }
    this.status = status;
    const { membership, replicaHeader } = this.#forwarding;
    const replica = replicaHeader === '' ? '' : `${replicaHeader}: ${membership.nameOf(handle)}\r\n`;
    const fields = `${responseFields(head)}${replica}`;
    if (status === SWITCHING) {
      this.#switch(reason, fields);
      return;
    }
    const reply = { status, reason, fields, length: framing === 'close' ? -1 : length };
    if (this.#holds(reply)) this.#held = reply;
    else this.request.reply(reply);
  }

  data(bytes: Buffer): void {
    if (this.#held) this.#parts.push(bytes);
    else if (!this.#discard) this.request.data(bytes);
  }

  flush(): boolean {
    if (this.#held) this.#parts = [Buffer.concat(this.#parts)]; // what is read next lies in the same memory
    return this.#held !== null || this.#discard || this.request.flush();
  }

  completed(trailers: Fields | null): void {
    if (this.#discard) return;
    if (this.#held) this.#release(this.#held);
    this.request.end(trailers);
    this.#end();
  }

  /** The answer that was on its way will not be whole. False when none of it has gone out, so that another may come. */
  broken(): boolean {
    this.#held = null;
    this.#parts = [];
    if (this.#discard) return true;
    if (!this.request.begun || this.request.takeBack()) return false;
    this.#end();
    this.request.destroy();
    return true;
  }

  drained(): void {
    this.#tries.resume();
  }

  /** The client went away, and the replica need not work on. */
  gone(status = CLIENT_GONE): void {
    this.#tries.abandon();
    if (this.#ended) return;
    this.status = status;
    this.#end();
  }

  /** An answer of the gateway's own. */
  answer(answer: Answer): void {
    this.status = answer.status;
    this.request.send(answer);
    this.#end();
  }

  /** A small answer to a request that can be sent twice is passed on when it is there whole. */
  #holds({ length, status }: ReplyHead): boolean {
    const { failover } = this.#forwarding;
    const small = length > 0 && length <= failover.options.holdBytes;
    return small && this.#tries.retriable && !hasNoBody(this.request.head.method, status);
  }

  #release(held: ReplyHead): void {
    this.#held = null;
    this.request.reply(held);
    for (const bytes of this.#parts) this.request.data(bytes);
  }

  #switch(reason: string, fields: string): void {
    const connection = `Connection: Upgrade\r\nUpgrade: ${this.#upgrade ?? ''}\r\n`;
    this.#tries.lend(this.request.switched({ reason, fields: `${fields}${connection}` }));
  }

  /** Tells once that the request is over. */
  #end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#forwarding.observer.ended(this);
  }
}
