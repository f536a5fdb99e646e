/** Takes a body out of its framing, in whatever pieces the bytes come: RFC 9112 sections 6 and 7.1. */
import { parseFields } from './fields.ts';
import type { Fields, HeadLimits } from './fields.ts';
import type { Framing } from './framing.ts';
import { Malformed } from './malformed.ts';
import { CR, LF, valueBytes } from './syntax.ts';

/** Where the bytes of a body go; they are the callee's for the length of the call. */
export type TakeBytes = (bytes: Buffer) => void;

/** Zeros before a size change nothing, but someone could send them for ever. */
const MOST_DIGITS = 256;
/** Extensions mean nothing here and are dropped; so many bytes of them are read a chunk. */
const MOST_EXTENSION = 256;
const SEMICOLON = 0x3b;

type Expected = 'size' | 'extension' | 'size-lf' | 'data' | 'data-cr' | 'data-lf' | 'trailers';

/** One body. */
export class BodyReader {
  done: boolean;
  trailers: Fields | null = null;
  readonly #framing: Framing;
  readonly #limits: HeadLimits;
  /** Bytes that the body, or the chunk, still has. */
  #left: number;
  #expected: Expected = 'size';
  #digits = 0;
  #extension = 0;
  #trailerText = '';

  constructor(framing: Framing, length: number, limits: HeadLimits) {
    this.#framing = framing;
    this.#limits = limits;
    this.#left = framing === 'length' ? length : 0;
    this.done = framing === 'none';
  }

  /**
   * Reads on from `start`, hands the body's bytes on, and returns the index of the first byte that is not of the body.
   * @throws Malformed when chunks are not as they must be; nothing of the message is to be believed then
   */
  read(bytes: Buffer, start: number, take: TakeBytes): number {
    if (this.done) return start;
    if (this.#framing === 'chunked') return this.#readChunks(bytes, start, take);
    const end = this.#framing === 'close' ? bytes.length : Math.min(bytes.length, start + this.#left);
    if (end > start) take(start === 0 && end === bytes.length ? bytes : bytes.subarray(start, end));
    this.#left -= end - start;
    if (this.#framing === 'length') this.done = this.#left === 0;
    return end;
  }

  #readChunks(bytes: Buffer, start: number, take: TakeBytes): number {
    let at = start;
    while (at < bytes.length && !this.done) {
      if (this.#expected === 'data') {
        const end = Math.min(bytes.length, at + this.#left);
        take(bytes.subarray(at, end));
        this.#left -= end - at;
        if (this.#left === 0) this.#expected = 'data-cr';
        at = end;
      } else if (this.#expected === 'trailers') this.#trailerByte(bytes[at++]);
      else this.#frameByte(bytes[at++]);
    }
    return at;
  }

  /** A byte between the data of two chunks. */
  #frameByte(byte: number): void {
    const expected = this.#expected;
    if (expected === 'size') this.#sizeByte(byte);
    else if (expected === 'extension') this.#extensionByte(byte);
    else if (expected === 'data-cr' && byte === CR) this.#expected = 'data-lf';
    else if (expected === 'data-lf' && byte === LF) this.#expected = 'size';
    else if (expected === 'size-lf' && byte === LF) {
      this.#expected = this.#left === 0 ? 'trailers' : 'data';
      this.#digits = 0;
      this.#extension = 0;
    } else throw new Malformed('a chunk does not end where it should');
  }

  #sizeByte(byte: number): void {
    const digit = hexDigit(byte);
    if (digit >= 0) {
      if (++this.#digits > MOST_DIGITS) throw new Malformed('the size of a chunk has too many digits');
      this.#left = this.#left * 16 + digit;
      if (this.#left > Number.MAX_SAFE_INTEGER) throw new Malformed('a chunk is too large');
    } else if (this.#digits === 0) throw new Malformed('a chunk has no size');
    else if (byte === CR) this.#expected = 'size-lf';
    else if (byte === SEMICOLON) this.#expected = 'extension';
    else throw new Malformed('the size of a chunk is not a number');
  }

  #extensionByte(byte: number): void {
    if (byte === CR) this.#expected = 'size-lf';
    else if (valueBytes[byte] !== 1 || ++this.#extension > MOST_EXTENSION) {
      throw new Malformed('the extension of a chunk is not legal');
    }
  }

  #trailerByte(byte: number): void {
    this.#trailerText += String.fromCharCode(byte);
    const text = this.#trailerText;
    if (text.length > this.#limits.headBytes) throw new Malformed('its trailers are too large', 431);
    if (byte !== LF) return;
    if (text !== '\r\n' && !text.endsWith('\r\n\r\n')) {
      if (!text.endsWith('\r\n')) throw new Malformed('a line feed stands alone');
      return;
    }
    if (text !== '\r\n') this.trailers = parseFields(text, 0, text.length - 2, this.#limits.fields);
    this.done = true;
  }
}

function hexDigit(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const letter = byte | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}
