/** Reads the answer to one request out of bytes that come in pieces: interim heads, the head, the body, the trailers. */
import { BodyReader } from './body-reader.ts';
import type { HeadLimits } from './fields.ts';
import { endOfHead } from './head-end.ts';
import type { LastRead } from './last-read.ts';
import { Malformed } from './malformed.ts';
import { parseResponseHead } from './response-head.ts';
import type { ResponseHead } from './response-head.ts';

/** Who takes what is read. */
export interface AnswerTaker {
  interim(head: ResponseHead): void;
  answered(head: ResponseHead): void;
  /** Bytes of the body, for the length of the call. */
  data(bytes: Buffer): void;
}

/** What it answers. */
export interface Asked {
  readonly method: string;
  /** The protocol that a 101 may switch to; what follows it is bytes until the connection closes. */
  readonly upgrade: string | undefined;
}

const NOTHING = Buffer.alloc(0);
const SWITCHING = 101;
/** A replica that says so many times that an answer will come is not going to give one. */
const MOST_INTERIM = 32;

/** The state of one answer. */
export class AnswerReader {
  head: ResponseHead | null = null;
  body: BodyReader | null = null;
  readonly #asked: Asked;
  readonly #limits: HeadLimits;
  readonly #heads: Pick<LastRead<ResponseHead>, 'of'> | undefined;
  #part: Buffer = NOTHING;
  #interim = 0;

  /** @param heads reads heads of answers to anything but HEAD, whose answers have no body */
  constructor(asked: Asked, limits: HeadLimits, heads?: Pick<LastRead<ResponseHead>, 'of'>) {
    this.#asked = asked;
    this.#limits = limits;
    this.#heads = asked.method === 'HEAD' ? undefined : heads;
  }

  get done(): boolean {
    return this.body?.done === true;
  }

  /** Reads on; the number of bytes that are left over once the answer is whole. @throws Malformed */
  read(given: Buffer, taker: AnswerTaker): number {
    const bytes = this.#part.length === 0 ? given : Buffer.concat([this.#part, given]);
    const at = this.body === null ? this.#readHeads(bytes, taker) : 0;
    const { body } = this;
    this.#part = body === null ? Buffer.from(bytes.subarray(at)) : NOTHING; // what was given is read into again
    if (body === null) return 0;
    const end = body.read(bytes, at, (piece) => {
      taker.data(piece);
    });
    return bytes.length - end;
  }

  /** Reads heads up to the one that is the answer's, and returns the index after the last. */
  #readHeads(bytes: Buffer, taker: AnswerTaker): number {
    let at = 0;
    for (;;) {
      const length = endOfHead(at === 0 ? bytes : bytes.subarray(at), this.#limits.headBytes);
      if (length < 0) return at;
      const isLast = this.#take(bytes.latin1Slice(at, at + length), taker);
      at += length;
      if (isLast) return at;
    }
  }

  /** The replica has closed: true when that was the end of the body. */
  finish(): boolean {
    if (this.head?.framing !== 'close' || this.body === null) return false;
    this.body.done = true;
    return true;
  }

  /** True for the head that is the answer's. */
  #take(text: string, taker: AnswerTaker): boolean {
    const head = this.#heads?.of(text) ?? parseResponseHead(text, this.#asked.method, this.#limits);
    const { status, framing, length } = head;
    const { upgrade } = this.#asked;
    if (status === SWITCHING && upgrade !== undefined) {
      if (head.fields.list('upgrade')?.toLowerCase() !== upgrade.toLowerCase())
        throw new Malformed('it switches to another protocol than was asked for');
      this.head = { ...head, framing: 'close', keepAlive: false };
      this.body = new BodyReader('close', -1, this.#limits);
      taker.answered(this.head);
      return true;
    }
    if (status < 200) {
      if (status === SWITCHING) throw new Malformed('it switches protocols unasked');
      if (++this.#interim > MOST_INTERIM) throw new Malformed('it has too many interim answers');
      taker.interim(head);
      return false;
    }
    this.head = head;
    this.body = new BodyReader(framing, length, this.#limits);
    taker.answered(head);
    return true;
  }
}
