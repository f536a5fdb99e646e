/** A client's body on loan to one attempt: when the attempt fails, the client's connection lives on for the answer. */
import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';

/**
 * A stream of the body with back-pressure. Nothing is taken from the client before the first read, so that an attempt
 * that never got a connection can be made again elsewhere.
 */
export class LentBody extends Readable {
  /** True once bytes may be gone. */
  taken = false;
  readonly #request: IncomingMessage;

  constructor(request: IncomingMessage) {
    super();
    this.#request = request;
  }

  override _read(): void {
    if (this.taken) {
      this.#request.resume();
      return;
    }
    this.taken = true;
    this.#request.on('data', this.#onData).on('end', this.#onEnd).on('close', this.#onClose);
  }

  /** The rest of the body flows nowhere, so that the client can finish sending and read its answer. */
  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    if (this.taken) {
      this.#request.off('data', this.#onData).off('end', this.#onEnd).off('close', this.#onClose);
      this.#request.resume();
    }
    done(error);
  }

  readonly #onData = (chunk: Buffer): void => {
    if (!this.push(chunk)) this.#request.pause();
  };

  readonly #onEnd = (): void => {
    this.push(null);
  };

  readonly #onClose = (): void => {
    if (!this.#request.complete) this.destroy(new Error('the client went away'));
  };
}

/** Whether a request has a body, by its framing (RFC 9112 section 6.3). */
export function hasBody({ headers }: IncomingMessage): boolean {
  const length = headers['content-length'];
  return headers['transfer-encoding'] !== undefined || (length !== undefined && length !== '0');
}
