/** xxHash, 32 bits: four accumulators over 16-byte stripes (Yann Collet's XXH32, doc/xxhash_spec.md). */
import type { HashEntry } from '../types.ts';
import { seeded } from './bytes.ts';

const P1 = 0x9e3779b1;
const P2 = 0x85ebca77;
const P3 = 0xc2b2ae3d;
const P4 = 0x27d4eb2f;
const P5 = 0x165667b1;

function rotate(x: number, bits: number): number {
  return (x << bits) | (x >>> (32 - bits));
}

function word(bytes: Uint8Array, at: number): number {
  return bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24);
}

function round(lane: number, input: number): number {
  return Math.imul(rotate((lane + Math.imul(input, P2)) | 0, 13), P1);
}

/** Digests the whole 16-byte stripes of the input. */
function stripes(bytes: Uint8Array, end: number, seed: number): number {
  let a = (seed + P1 + P2) | 0;
  let b = (seed + P2) | 0;
  let c = seed | 0;
  let d = (seed - P1) | 0;
  for (let i = 0; i < end; i += 16) {
    a = round(a, word(bytes, i));
    b = round(b, word(bytes, i + 4));
    c = round(c, word(bytes, i + 8));
    d = round(d, word(bytes, i + 12));
  }
  return (rotate(a, 1) + rotate(b, 7) + rotate(c, 12) + rotate(d, 18)) | 0;
}

function avalanche(h: number): number {
  h = Math.imul(h ^ (h >>> 15), P2);
  h = Math.imul(h ^ (h >>> 13), P3);
  return (h ^ (h >>> 16)) >>> 0;
}

const hash = seeded((bytes, length, seed) => {
  let at = length & ~15;
  let h = ((at > 0 ? stripes(bytes, at, seed) : (seed + P5) | 0) + length) | 0;
  for (; at + 4 <= length; at += 4) h = Math.imul(rotate((h + Math.imul(word(bytes, at), P3)) | 0, 17), P4);
  for (; at < length; at++) h = Math.imul(rotate((h + Math.imul(bytes[at], P5)) | 0, 11), P1);
  return avalanche(h);
});

export const xxhash32: HashEntry = {
  name: 'xxhash32',
  summary: 'runs four multiply-rotate lanes over 16-byte stripes, then avalanches',
  source: 'Collet, xxHash specification 0.1.1, XXH32',
  make: () => hash,
};
