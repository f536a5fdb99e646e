/** One request of a client: a replica is picked, tried, and on failure another one, until an answer is on its way. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { NONE } from '../../core/types.ts';
import type { Key, Outcome } from '../../core/types.ts';
import { failure } from '../answer.ts';
import type { Answer } from '../types.ts';
import { Attempt } from './attempt.ts';
import type { Failure, Listener } from './attempt.ts';
import { hasBody, LentBody } from './body.ts';
import type { Ticket } from './director.ts';
import { answerTo } from './forwarding.ts';
import type { Ended, Forwarding } from './forwarding.ts';
import { requestHeaders, responseHeaders } from './headers.ts';
import { pathOf } from './key.ts';
import { sendAnswer } from './send-answer.ts';

/** The status that logs and metrics show where the client did not wait, after nginx. */
const CLIENT_GONE = 499;
const IDEMPOTENT = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'PUT', 'DELETE']);

/** A request between its client and the replicas that are tried for it. */
export class Exchange implements Ended, Listener {
  readonly request: IncomingMessage;
  readonly startedMs = performance.now();
  key: Key = '';
  status = 0;
  /** The replicas tried, in order; the last one's answer is the answer. */
  readonly tried: number[] = [];

  readonly #forwarding: Forwarding;
  readonly #response: ServerResponse;
  readonly #path: string;
  readonly #headers: string[];
  #ticket: Ticket | undefined;
  #attempt: Attempt | undefined;
  #body: LentBody | null = null;
  /** The answer's body is of no use, as of a 404, whose place the lab's text takes. */
  #discard = false;
  #waitsForDrain = false;
  #flowing = false;

  constructor(forwarding: Forwarding, request: IncomingMessage, response: ServerResponse, path: string) {
    this.#forwarding = forwarding;
    this.request = request;
    this.#response = response;
    this.#path = path;
    this.#headers = requestHeaders(request);
    response.once('close', this.#clientGone);
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

  head(status: number, statusText: string, rawHeaders: readonly Buffer[]): void {
    if (status === 404) {
      this.#discard = true;
      const path = pathOf(this.#path);
      this.#answer(failure(`'${path}' endpoint does not exist in server replicas`));
      return;
    }
    this.status = status;
    const headers = responseHeaders(rawHeaders);
    const { closing, membership, replicaHeader } = this.#forwarding;
    if (replicaHeader !== '') headers.push(replicaHeader, membership.nameOf(this.handle));
    if (closing()) this.#response.shouldKeepAlive = false;
    this.#response.writeHead(status, statusText, headers);
    process.nextTick(this.#flushHead);
  }

  data(chunk: Buffer): boolean {
    this.#flowing = true;
    if (this.#discard || this.#response.write(chunk)) return true;
    if (!this.#waitsForDrain) this.#response.once('drain', this.#drained);
    this.#waitsForDrain = true;
    return false;
  }

  completed(rawTrailers: readonly Buffer[]): void {
    this.#flowing = true;
    this.#finish(this.status === 503 ? 'rejected' : 'ok');
    if (this.#discard) return;
    if (rawTrailers.length > 0) this.#response.addTrailers(pairs(responseHeaders(rawTrailers)));
    this.#response.end();
  }

  failed(failed: Failure): void {
    this.#finish(failed.kind === 'unsent' ? 'refused' : 'lost');
    if (this.#discard) return;
    const { observer } = this.#forwarding;
    if (failed.kind !== 'invalid') observer.failed(this.handle, failed);
    if (this.#response.headersSent || this.status > 0) this.#response.destroy();
    else if (!this.#mayTryAgain(failed) || !this.#tryAnother(failed)) this.#answer(answerTo(failed));
  }

  #try(handle: number): void {
    const { director, headMs, upstreams } = this.#forwarding;
    const pool = upstreams.get(handle);
    if (handle === NONE || pool === undefined) {
      this.#answer(failure('No server replica is available', 503));
      return;
    }
    this.tried.push(handle);
    this.#ticket = director.start(handle);
    this.#body = hasBody(this.request) ? new LentBody(this.request) : null;
    this.#attempt = new Attempt(this, headMs);
    const method = this.request.method ?? 'GET';
    this.#attempt.send(pool, { method, path: this.#path, headers: this.#headers, body: this.#body });
  }

  /** What was surely not sent may go elsewhere; what may have been, only if it can be sent twice (RFC 9110, 9.2.2). */
  #mayTryAgain({ kind }: Failure): boolean {
    if (kind === 'invalid' || this.tried.length > this.#forwarding.retries) return false;
    if (this.#body?.taken) return false;
    return kind === 'unsent' || (this.#body === null && IDEMPOTENT.has(this.request.method ?? ''));
  }

  #tryAnother(failed: Failure): boolean {
    const { director, observer } = this.#forwarding;
    const handle = director.pickOther(this.key, this.tried);
    if (handle === NONE) return false;
    observer.retried(failed);
    this.#try(handle);
    return true;
  }

  #answer(answer: Answer): void {
    this.status = answer.status;
    sendAnswer(this.#response, answer);
  }

  /** Tells the balancer once that the try is over. */
  #finish(outcome: Outcome): void {
    if (this.#ticket) this.#forwarding.director.finish(this.#ticket, outcome);
    this.#ticket = undefined;
  }

  /** Sends the head of an answer whose body is yet to come; with a small answer it goes in one packet with the body. */
  readonly #flushHead = (): void => {
    const response = this.#response;
    if (!this.#flowing && !response.destroyed) response.flushHeaders();
  };

  readonly #drained = (): void => {
    this.#waitsForDrain = false;
    this.#attempt?.resume();
  };

  /** The response is over: sent, or its client went away and the replica need not work on. */
  readonly #clientGone = (): void => {
    if (!this.#response.writableFinished) {
      this.status = CLIENT_GONE;
      this.#attempt?.abandon(new Error('the client went away'));
      this.#body?.destroy();
      this.#finish('lost');
    }
    this.#forwarding.observer.ended(this);
  };
}

function pairs(fields: readonly string[]): [string, string][] {
  return fields.flatMap((name, i) => (i % 2 === 0 ? [[name, fields[i + 1]] as [string, string]] : []));
}
