/** One request of a client: a replica is picked, tried, and on failure another one, until an answer is on its way. */
import { NONE } from '../../core/types.ts';
import type { Key, Outcome } from '../../core/types.ts';
import { failure } from '../answer.ts';
import type { Fields } from '../http/fields.ts';
import type { ResponseHead } from '../http/response-head.ts';
import type { Answer } from '../types.ts';
import { Attempt } from './attempt.ts';
import type { Failure, Listener } from './attempt.ts';
import type { ClientRequest, RequestListener } from './client-request.ts';
import type { Ticket } from './director.ts';
import { answerTo } from './forwarding.ts';
import type { Ended, Forwarding } from './forwarding.ts';
import { requestHead, responseFields } from './headers.ts';
import { pathOf } from './key.ts';

/** The status that logs and metrics show where the client did not wait, after nginx. */
const CLIENT_GONE = 499;
const SWITCHING = 101;
const IDEMPOTENT = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'PUT', 'DELETE']);

/** A request between its client and the replicas that are tried for it. */
export class Exchange implements Ended, Listener, RequestListener {
  readonly request: ClientRequest;
  readonly startedMs = performance.now();
  key: Key = '';
  status = 0;
  /** The replicas tried, in order; the last one's answer is the answer. */
  readonly tried: number[] = [];

  readonly #forwarding: Forwarding;
  readonly #upgrade: string | undefined;
  readonly #head: string;
  #ticket: Ticket | undefined;
  #attempt: Attempt | undefined;
  /** The answer's body is of no use, as of a 404, whose place the lab's text takes. */
  #discard = false;
  #ended = false;

  constructor(forwarding: Forwarding, request: ClientRequest) {
    this.#forwarding = forwarding;
    this.request = request;
    const { client, head } = request;
    const { upgrade } = head;
    this.#upgrade = upgrade !== undefined && forwarding.upgrades.includes(upgrade) ? upgrade : undefined;
    this.#head = requestHead(head, client, this.#upgrade);
    request.listener = this;
  }

  get handle(): number {
    return this.tried.length === 0 ? NONE : this.tried[this.tried.length - 1];
  }

  /** Sends the request to the replica of its key. */
  begin(): void {
    const { director, keyOf } = this.#forwarding;
    this.key = keyOf(this.request);
    this.#try(director.pick(this.key));
  }

  interim(head: ResponseHead): void {
    const { status, reason } = head;
    this.request.interim({ status, reason, fields: responseFields(head) });
  }

  head(head: ResponseHead): void {
    const { status, reason, length, framing } = head;
    if (status === 404) {
      this.#discard = true;
      const path = pathOf(this.request.head.target);
      this.#answer(failure(`'${path}' endpoint does not exist in server replicas`));
      return;
    }
    this.status = status;
    const { membership, replicaHeader } = this.#forwarding;
    const replica = replicaHeader === '' ? '' : `${replicaHeader}: ${membership.nameOf(this.handle)}\r\n`;
    const fields = `${responseFields(head)}${replica}`;
    if (status === SWITCHING) this.#switch(reason, fields);
    else this.request.reply({ status, reason, fields, length: framing === 'close' ? -1 : length });
  }

  data(bytes: Buffer): void {
    if (!this.#discard) this.request.data(bytes);
  }

  flush(): boolean {
    return this.#discard || this.request.flush();
  }

  completed(trailers: Fields | null): void {
    this.#finish(this.status === 503 ? 'rejected' : 'ok');
    if (this.#discard) return;
    this.request.end(trailers);
    this.#end();
  }

  failed(failed: Failure): void {
    this.#finish(failed.kind === 'unsent' ? 'refused' : 'lost');
    if (this.#discard) return;
    this.#forwarding.observer.failed(this.handle, failed);
    if (this.request.begun) {
      this.#end();
      this.request.destroy();
    } else if (!this.#mayTryAgain(failed) || !this.#tryAnother(failed)) this.#answer(answerTo(failed));
  }

  drained(): void {
    this.#attempt?.resume();
  }

  /** The client went away, and the replica need not work on. */
  gone(): void {
    this.#attempt?.abandon();
    this.#finish('lost');
    if (this.#ended) return;
    this.status = CLIENT_GONE;
    this.#end();
  }

  #try(handle: number): void {
    const { director, headWait, upstreams } = this.#forwarding;
    const pool = upstreams.get(handle);
    if (handle === NONE || pool === undefined) {
      this.#answer(failure('No server replica is available', 503));
      return;
    }
    this.tried.push(handle);
    this.#ticket = director.start(handle);
    const { head, body } = this.request;
    const chunked = head.framing === 'chunked';
    const outgoing = {
      method: head.method,
      head: this.#head,
      body,
      chunked,
      upgrade: this.#upgrade !== undefined,
    };
    this.#attempt = new Attempt(this, outgoing, headWait);
    this.#attempt.send(pool);
  }

  /** What was surely not sent may go elsewhere; what may have been, only if it can be sent twice (RFC 9110, 9.2.2). */
  #mayTryAgain({ kind }: Failure): boolean {
    const { body, head } = this.request;
    if (this.tried.length > this.#forwarding.retries || body?.taken === true) return false;
    return kind === 'unsent' || (body === null && IDEMPOTENT.has(head.method));
  }

  #tryAnother(failed: Failure): boolean {
    const { director, observer } = this.#forwarding;
    const handle = director.pickOther(this.key, this.tried);
    if (handle === NONE) return false;
    observer.retried(failed);
    this.#try(handle);
    return true;
  }

  #switch(reason: string, fields: string): void {
    const connection = `Connection: Upgrade\r\nUpgrade: ${this.#upgrade ?? ''}\r\n`;
    this.#attempt?.lend(this.request.switched({ reason, fields: `${fields}${connection}` }));
  }

  #answer(answer: Answer): void {
    this.status = answer.status;
    this.request.send(answer);
    this.#end();
  }

  /** Tells the balancer once that the try is over. */
  #finish(outcome: Outcome): void {
    if (this.#ticket) this.#forwarding.director.finish(this.#ticket, outcome);
    this.#ticket = undefined;
  }

  /** Tells once that the request is over. */
  #end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#forwarding.observer.ended(this);
  }
}
