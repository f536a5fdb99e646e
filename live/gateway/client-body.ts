/** A client's body on loan to one attempt: when the attempt fails, the client's connection lives on for the answer. */
import type { BodyReader } from '../http/body-reader.ts';
import type { Fields } from '../http/fields.ts';
import { Malformed } from '../http/malformed.ts';

/** Where a body goes. */
export interface BodySink {
  /** Bytes of the body, which are the sink's from then on. */
  take(bytes: Buffer): void;
  /** What came at once is over. False when no more can be taken now: `resume` of the body is called later. */
  flush(): boolean;
  end(trailers: Fields | null): void;
  /** The rest will not come. */
  abort(): void;
}

/** What a body needs of the connection that it comes from. */
export interface BodySource {
  /** Bytes can be taken, those that have come already among them. */
  bodyWanted(): void;
  /** None can be taken now. */
  bodyHeld(): void;
  /** It comes too slowly for there to be room for it. */
  bodySlow(): void;
}

/**
 * One body. Nothing is taken of it before `start`, so that an attempt that never got a connection can be made again; what
 * is taken is kept as long as it is small, so that another replica can be given all of it.
 */
export class ClientBody {
  /** Bytes that have come. */
  size = 0;
  /** Since when its client can send it. */
  #sinceMs = performance.now();
  /** True once all of it was read. */
  complete = false;
  readonly #source: BodySource;
  readonly #reader: BodyReader;
  readonly #most: number;
  #sink: BodySink | null = null;
  #dropped = false;
  #held = false;
  #taken = false;
  /** What was taken, or null once that is more than may be kept. */
  #kept: Buffer[] | null = null;
  #mostKept = 0;

  /** @param most bytes that it may have, 0 for any */
  constructor(source: BodySource, reader: BodyReader, most: number) {
    this.#source = source;
    this.#reader = reader;
    this.#most = most;
  }

  /** Whether bytes can be fed to it now. */
  get flowing(): boolean {
    return (this.#sink !== null || this.#dropped) && !this.#held;
  }

  /** Whether a sink would get all of it from `start`, whoever had a part of it before. */
  get replayable(): boolean {
    return !this.#taken || this.#kept !== null;
  }

  /** Keeps up to so many bytes of it; told before the first `start`. @param length of the body, -1 for unknown */
  keep(most: number, length: number): void {
    this.#mostKept = most;
    this.#kept = length > most ? null : [];
  }

  /** Gives it to a sink from now on: what was kept, and then what comes. */
  start(sink: BodySink): void {
    this.#sink = sink;
    this.#held = false;
    if (this.size === 0) this.#sinceMs = performance.now();
    if (this.#taken && this.#kept) for (const piece of this.#kept) sink.take(piece);
    if (this.complete) this.#finish();
    else if (this.#taken && !sink.flush()) this.#hold();
    else this.#source.bodyWanted();
  }

  /** Takes it back from a sink that is no more: nothing flows until the next `start`. */
  recall(): void {
    if (this.complete || this.#dropped) return;
    this.#sink = null;
    this.#hold();
  }

  resume(): void {
    if (!this.#held) return;
    this.#held = false;
    this.#source.bodyWanted();
  }

  /** Its client, which waited for that, has been told to send it. */
  invite(): void {
    this.#sinceMs = performance.now();
  }

  /** For how long, in ms, it has come more slowly than so many bytes a second; 0 where it has not, or cannot come. */
  slowMs(bytesASecond: number, now: number): number {
    const ms = now - this.#sinceMs;
    return this.complete || !this.flowing || this.size * 1000 >= bytesASecond * ms ? 0 : ms;
  }

  /** Makes room for others: the client is told that it is too slow. */
  cut(): void {
    this.#source.bodySlow();
  }

  /** The rest of it flows nowhere, so that the client can finish sending and read its answer. */
  drop(): void {
    if (this.#dropped || this.complete) return;
    this.#dropped = true;
    this.#held = false;
    this.#sink = null;
    this.#source.bodyWanted();
  }

  /** It cannot come to its end. */
  abort(): void {
    const sink = this.#sink;
    this.#sink = null;
    this.#dropped = true;
    sink?.abort();
  }

  /** Reads on in bytes from the connection, and returns the index of the first one that is not the body's. @throws Malformed */
  feed(bytes: Buffer): number {
    const end = this.#reader.read(bytes, 0, this.#pass);
    const sink = this.#sink;
    if (this.#reader.done) this.#finish();
    else if (sink && end > 0 && !sink.flush()) this.#hold();
    return end;
  }

  /** The connection was switched to another protocol: it ends as the client stops sending. */
  finish(): void {
    if (!this.complete) this.#finish();
  }

  #hold(): void {
    this.#held = true;
    this.#source.bodyHeld();
  }

  #finish(): void {
    const sink = this.#sink;
    this.complete = true;
    this.#sink = null;
    if (sink) this.#taken = true;
    sink?.end(this.#reader.trailers);
  }

  readonly #pass = (piece: Buffer): void => {
    this.size += piece.length;
    if (this.#most > 0 && this.size > this.#most) throw tooLarge(this.#most);
    if (this.#sink === null) return;
    this.#taken = true;
    if (this.size > this.#mostKept) this.#kept = null;
    this.#kept?.push(piece);
    this.#sink.take(piece);
  };
}

/** What a client hears whose body is larger than allowed. */
export function tooLarge(most: number): Malformed {
  return new Malformed(`its body is larger than ${most} bytes`, 413);
}
