/** SipHash-2-4 (Aumasson, Bernstein 2012), a keyed hash that an attacker without the key cannot steer. */
import type { HashEntry } from '../types.ts';
import { seededLanes } from './lanes.ts';
import { add, rotate, set, tail32, word32, xor } from './words.ts';

/** The state, words v0 to v3. */
const v = new Int32Array(8);

/** The key of the published vectors, 00 01 … 0f; a seed is exclusive-ored into its first half. */
const K0 = { low: 0x03020100, high: 0x07060504 } as const;
const K1 = { low: 0x0b0a0908, high: 0x0f0e0d0c } as const;

function start(seedLow: number, seedHigh: number): void {
  const [low, high] = [K0.low ^ seedLow, K0.high ^ seedHigh];
  set(v, 0, low ^ 0x70736575, high ^ 0x736f6d65);
  set(v, 1, K1.low ^ 0x6e646f6d, K1.high ^ 0x646f7261);
  set(v, 2, low ^ 0x6e657261, high ^ 0x6c796765);
  set(v, 3, K1.low ^ 0x79746573, K1.high ^ 0x74656462);
}

/** v[a] += v[b], then v[b] is rotated and exclusive-ored with v[a]. */
function half(a: number, b: number, bits: number): void {
  add(v, a, v[2 * b], v[2 * b + 1]);
  rotate(v, b, bits);
  xor(v, b, v[2 * a], v[2 * a + 1]);
}

function round(): void {
  half(0, 1, 13);
  rotate(v, 0, 32);
  half(2, 3, 16);
  half(0, 3, 21);
  half(2, 1, 17);
  rotate(v, 2, 32);
}

function take(low: number, high: number): void {
  xor(v, 3, low, high);
  round();
  round();
  xor(v, 0, low, high);
}

const hash = seededLanes((bytes, length, out, seedLow, seedHigh) => {
  start(seedLow, seedHigh);
  const blocks = length & ~7;
  for (let at = 0; at < blocks; at += 8) take(word32(bytes, at), word32(bytes, at + 4));
  take(tail32(bytes, blocks, length), tail32(bytes, blocks + 4, length) | (length << 24));
  xor(v, 2, 0xff, 0);
  for (let rounds = 0; rounds < 4; rounds++) round();
  out[0] = v[0] ^ v[2] ^ v[4] ^ v[6];
  out[1] = v[1] ^ v[3] ^ v[5] ^ v[7];
});

export const siphash: HashEntry = {
  name: 'siphash',
  summary: 'is SipHash-2-4 under the published key, which the seed changes: made against flooding',
  source: 'Aumasson, Bernstein 2012, SipHash: a fast short-input PRF',
  make: () => hash,
};
