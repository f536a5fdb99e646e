/** The lab's hash functions over raw bytes, as real balancers call them: without the lab's seeds. */
import { rawKey } from '../hash/bytes.ts';
import type { HashEntry } from '../types.ts';

/** An algorithm over all of the bytes given. */
export type BytesHash = (bytes: Uint8Array, seed?: number) => number;

/** The entry's function over bytes. */
export function bytesHash(entry: HashEntry): BytesHash {
  const hash = entry.make([]);
  return (bytes, seed = 0) => hash(rawKey(bytes), seed);
}

const encoder = new TextEncoder();

/** A text's UTF-8. */
export function utf8(text: string): Uint8Array {
  return encoder.encode(text);
}
