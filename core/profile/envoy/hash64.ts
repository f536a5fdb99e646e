/** Envoy's 64-bit hashes in two lanes, and what its tables ask of them. */
import { rawKey } from '../../hash/bytes.ts';
import { murmur2Wide } from '../../hash/murmur2-64.ts';
import { xxhash64 } from '../../hash/xxhash64.ts';
import type { HashEntry, Key } from '../../types.ts';

/** Writes the low lane to `out[0]` and the high one to `out[1]`. */
export type Hash64 = (key: Key, out: Uint32Array) => void;

/** libstdc++'s seed, which Envoy takes for its murmur. */
const STD_HASH_SEED = 0xc70f6907;

function hash64(entry: HashEntry, seed: number): Hash64 {
  const { wide } = entry.make([]);
  return (key, out) => wide?.lanes?.(key, seed, out);
}

export const xx64 = hash64(xxhash64, 0);
export const xx64Seeded = hash64(xxhash64, 1);
export const murmur64 = hash64(murmur2Wide, STD_HASH_SEED);

/** The hash of a request's key: always xxHash64, whatever the ring is made with. */
export function requestHash(key: Uint8Array, out: Uint32Array): void {
  xx64(rawKey(key), out);
}

/** The 64-bit value modulo m, at most 5,000,011: no step reaches 2^53. */
export function modulo(low: number, high: number, m: number): number {
  return ((high % m) * (0x1_0000_0000 % m) + low) % m;
}

/** All digits of the value, for people. */
export function digits([low, high]: Uint32Array): string {
  return ((BigInt(high) << 32n) | BigInt(low)).toString();
}
