/** Hash functions of algorithms whose value has more than 32 bits, in 32-bit lanes and without bigint or allocation. */
import type { HashFunction, Key } from '../types.ts';
import { unseeded, seeded } from './bytes.ts';

/** Writes the value's 32-bit lanes, lowest first. The seed's high lane is 0 unless the seed exceeds 32 bits. */
export type LanesHash = (
  bytes: Uint8Array,
  length: number,
  out: Uint32Array,
  seedLow: number,
  seedHigh: number,
) => void;

const TWO_TO_32 = 0x1_0000_0000;

/** A hash function of an algorithm with a seed of its own: the whole seed, which has at most 53 bits. */
export function seededLanes(algorithm: LanesHash, count = 2): HashFunction {
  const own = new Uint32Array(count);
  let seedHigh = 0;
  const lowest = seeded((bytes, length, seedLow) => {
    algorithm(bytes, length, own, seedLow, seedHigh);
    return own[0];
  });
  const hash = (key: Key, seed: number): number => {
    seedHigh = Math.floor(seed / TWO_TO_32);
    return lowest(key, seed);
  };
  return withLanes(hash, own);
}

/** A hash function of an algorithm without a seed: a seed other than 0 becomes data, `key#seed`. */
export function unseededLanes(algorithm: LanesHash, count = 2): HashFunction {
  const own = new Uint32Array(count);
  const hash = unseeded((bytes, length) => {
    algorithm(bytes, length, own, 0, 0);
    return own[0];
  });
  return withLanes(hash, own);
}

/** `own` holds all lanes after each call of `hash`. */
function withLanes(hash: HashFunction, own: Uint32Array): HashFunction {
  const lanes = (key: Key, seed: number, out: Uint32Array): void => {
    hash(key, seed);
    for (let i = 0; i < out.length; i++) out[i] = own[i];
  };
  const value = (key: Key, seed: number): bigint => {
    hash(key, seed);
    return own.reduceRight((high, lane) => (high << 32n) | BigInt(lane), 0n);
  };
  const mod = (key: Key, seed: number, m: number): number => {
    hash(key, seed);
    return remainder(own, m);
  };
  return Object.assign((key: Key, seed: number) => hash(key, seed), { wide: { value, mod, lanes } });
}

/** Horner's rule by halves of a lane; with m at most 2^24 no step reaches 2^53. */
function remainder(lanes: Uint32Array, m: number): number {
  let rest = 0;
  for (let i = lanes.length - 1; i >= 0; i--) {
    rest = (rest * 0x1_0000 + (lanes[i] >>> 16)) % m;
    rest = (rest * 0x1_0000 + (lanes[i] & 0xffff)) % m;
  }
  return rest;
}
