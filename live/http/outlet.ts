/** Gathers what is written to a socket in one go, so that it leaves in one system call. */
import type { Socket } from 'node:net';

/** Up to so many bytes are joined to the text beside them, which is cheaper than a buffer of their own. */
const SMALL_BYTES = 4096;

/** What leaves through one socket. */
export class Outlet {
  readonly #socket: Socket;
  #text = '';
  #corked = false;

  constructor(socket: Socket) {
    this.#socket = socket;
  }

  /** Latin1 text. */
  text(text: string): void {
    this.#text += text;
  }

  /** Bytes; `lent` says that they are the callee's for the length of the call only. */
  bytes(bytes: Buffer, lent: boolean): void {
    if (bytes.length <= SMALL_BYTES) {
      this.#text += bytes.latin1Slice();
      return;
    }
    if (!this.#corked) this.#socket.cork();
    this.#corked = true;
    this.#writeText();
    this.#socket.write(lent ? Buffer.from(bytes) : bytes);
  }

  /** Takes back what has not been sent. False when some of it has. */
  recall(): boolean {
    if (this.#corked) return false;
    this.#text = '';
    return true;
  }

  /** Sends it. False when the socket is full: it says `drain` when it is not. */
  flush(): boolean {
    this.#writeText();
    if (this.#corked) this.#socket.uncork();
    this.#corked = false;
    return !this.#socket.writableNeedDrain;
  }

  #writeText(): void {
    if (this.#text !== '') this.#socket.write(this.#text, 'latin1');
    this.#text = '';
  }
}

declare global {
  interface Buffer {
    /** As `toString('latin1', …)`, without the search for the encoding's name; Node documents it as such. */
    latin1Slice(start?: number, end?: number): string;
  }
}
