/** Keys as bytes, and the two ways to make a hash function of an algorithm over bytes. */
import type { HashFunction, Key } from '../types.ts';

const HASH_SIGN = 0x23;
/** Up to about so many units a loop beats the encoder. */
const SHORT = 64;
const encoder = new TextEncoder();
let scratch = new Uint8Array(256);

/** Writes the key's bytes (an integer's are its decimal digits, as in a URL) into the scratch; returns their number. */
function writeKey(key: Key | Uint8Array): number {
  if (typeof key === 'object') return writeRaw(key);
  return typeof key === 'number' && Number.isSafeInteger(key) && key >= 0
    ? writeDigits(key, 0)
    : writeText(String(key));
}

function writeDigits(value: number, at: number): number {
  let digits = 1;
  for (let rest = value; rest >= 10; rest = Math.floor(rest / 10)) digits++;
  reserve(at + digits);
  for (let i = at + digits - 1, rest = value; i >= at; i--) {
    const tenth = Math.floor(rest / 10);
    scratch[i] = 0x30 + (rest - tenth * 10);
    rest = tenth;
  }
  return at + digits;
}

function writeText(text: string): number {
  reserve(text.length * 3); // a UTF-16 unit becomes at most three bytes of UTF-8
  return text.length <= SHORT && writeAscii(text) ? text.length : encoder.encodeInto(text, scratch).written;
}

/** Writes text of ASCII, which spares short keys the call of the encoder; false where there is anything else. */
function writeAscii(text: string): boolean {
  const bytes = scratch; // read once, since a module's variable would be read anew for every unit
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit >= 0x80) return false;
    bytes[i] = unit;
  }
  return true;
}

function writeRaw(bytes: Uint8Array): number {
  reserve(bytes.length);
  scratch.set(bytes);
  return bytes.length;
}

function reserve(length: number): void {
  if (length <= scratch.length) return;
  const larger = new Uint8Array(length * 2);
  larger.set(scratch);
  scratch = larger;
}

/** An algorithm over the first `length` bytes of `bytes`, which is only valid during the call. */
export type BytesHash = (bytes: Uint8Array, length: number) => number;

/** The same, for an algorithm that has a seed of its own. */
export type SeededBytesHash = (bytes: Uint8Array, length: number, seed: number) => number;

/** A hash function of an algorithm with a 32-bit seed: it sees the key's bytes and the low 32 bits of the seed. */
export function seeded(algorithm: SeededBytesHash): HashFunction {
  return (key, seed) => {
    const length = writeKey(key);
    return algorithm(scratch, length, seed >>> 0);
  };
}

/**
 * A hash function of an algorithm without a seed: a seed other than 0 becomes data, `key#seed` with the seed in
 * decimal. The separator keeps server 1's virtual server 11 apart from server 11's virtual server 1.
 */
export function unseeded(algorithm: BytesHash): HashFunction {
  return (key, seed) => {
    const length = writeSeeded(key, seed);
    return algorithm(scratch, length);
  };
}

/** A copy of the bytes that an unseeded algorithm sees for this key and seed. */
export function bytesOf(key: Key, seed: number): Uint8Array {
  const length = writeSeeded(key, seed);
  return scratch.slice(0, length);
}

function writeSeeded(key: Key, seed: number): number {
  const length = writeKey(key);
  if (seed === 0) return length;
  reserve(length + 1);
  scratch[length] = HASH_SIGN;
  return writeDigits(seed, length + 1);
}

/** Bytes as a key, for profiles: real balancers hash bytes, UTF-8 or not. Only functions over bytes understand it. */
export function rawKey(bytes: Uint8Array): Key {
  return bytes as unknown as Key;
}
