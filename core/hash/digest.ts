/** Hash functions of cryptographic digests, read as one big-endian integer: Python's `int(hexdigest, 16)`. */
import type { HashFunction } from '../types.ts';
import { bytesOf } from './bytes.ts';

/** A digest of bytes, at least four bytes long. */
export type Digest = (bytes: Uint8Array) => Uint8Array;

/** The low 32 bits of the digest's integer, with all of it behind `wide`. */
export function ofDigest(digest: Digest): HashFunction {
  return Object.assign((key: string | number, seed: number) => low32(digest(bytesOf(key, seed))), {
    wide: {
      value: (key: string | number, seed: number) => integer(digest(bytesOf(key, seed))),
      mod: (key: string | number, seed: number, m: number) => remainder(digest(bytesOf(key, seed)), m),
    },
  });
}

function low32(out: Uint8Array): number {
  const end = out.length;
  return ((out[end - 4] << 24) | (out[end - 3] << 16) | (out[end - 2] << 8) | out[end - 1]) >>> 0;
}

function integer(out: Uint8Array): bigint {
  return out.reduce((value, byte) => value * 256n + BigInt(byte), 0n);
}

/** Horner's rule; with m at most 2^24 no step reaches 2^53. */
function remainder(out: Uint8Array, m: number): number {
  let rest = 0;
  for (const byte of out) rest = (rest * 256 + byte) % m;
  return rest;
}
