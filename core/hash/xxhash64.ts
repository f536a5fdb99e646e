/** xxHash, 64 bits: four accumulators over 32-byte stripes (Yann Collet's XXH64, doc/xxhash_spec.md). */
import type { HashEntry } from '../types.ts';
import { seededLanes } from './lanes.ts';
import { add, multiply, rotate, set, word32, xor, xorShift } from './words.ts';

const P1 = { low: 0x85ebca87 | 0, high: 0x9e3779b1 | 0 } as const;
const P2 = { low: 0x27d4eb4f, high: 0xc2b2ae3d | 0 } as const;
const P3 = { low: 0x9e3779f9 | 0, high: 0x165667b1 } as const;
const P4 = { low: 0xc2b2ae63 | 0, high: 0x85ebca77 | 0 } as const;
const P5 = { low: 0x165667c5, high: 0x27d4eb2f } as const;

/** Words 0 to 3 are the accumulators, word 4 the hash, word 5 a round's own. */
const x = new Int32Array(12);
const HASH = 4;
const ROUND = 5;

/** Word w takes eight bytes of the input. */
function round(w: number, low: number, high: number): void {
  set(x, ROUND, low, high);
  multiply(x, ROUND, P2.low, P2.high);
  add(x, w, x[2 * ROUND], x[2 * ROUND + 1]);
  rotate(x, w, 31);
  multiply(x, w, P1.low, P1.high);
}

function start(seedLow: number, seedHigh: number): void {
  for (let w = 0; w < 4; w++) set(x, w, seedLow, seedHigh);
  add(x, 0, P1.low, P1.high);
  add(x, 0, P2.low, P2.high);
  add(x, 1, P2.low, P2.high);
  add(x, 3, -P1.low, ~P1.high); // minus P1, whose low lane is not 0
}

function converge(): void {
  set(x, HASH, 0, 0);
  for (let w = 0; w < 4; w++) {
    set(x, ROUND, x[2 * w], x[2 * w + 1]);
    rotate(x, ROUND, w === 0 ? 1 : w === 1 ? 7 : w === 2 ? 12 : 18);
    add(x, HASH, x[2 * ROUND], x[2 * ROUND + 1]);
  }
  for (let w = 0; w < 4; w++) {
    merge(x[2 * w], x[2 * w + 1]);
    multiply(x, HASH, P1.low, P1.high);
    add(x, HASH, P4.low, P4.high);
  }
}

/** Exclusive-ors a round that began at 0 into the hash. */
function merge(low: number, high: number): void {
  set(x, ROUND, low, high);
  multiply(x, ROUND, P2.low, P2.high);
  rotate(x, ROUND, 31);
  multiply(x, ROUND, P1.low, P1.high);
  xor(x, HASH, x[2 * ROUND], x[2 * ROUND + 1]);
}

function takeEight(low: number, high: number): void {
  merge(low, high);
  rotate(x, HASH, 27);
  multiply(x, HASH, P1.low, P1.high);
  add(x, HASH, P4.low, P4.high);
}

function takeFour(word: number): void {
  set(x, ROUND, word, 0);
  multiply(x, ROUND, P1.low, P1.high);
  xor(x, HASH, x[2 * ROUND], x[2 * ROUND + 1]);
  rotate(x, HASH, 23);
  multiply(x, HASH, P2.low, P2.high);
  add(x, HASH, P3.low, P3.high);
}

function takeOne(byte: number): void {
  set(x, ROUND, byte, 0);
  multiply(x, ROUND, P5.low, P5.high);
  xor(x, HASH, x[2 * ROUND], x[2 * ROUND + 1]);
  rotate(x, HASH, 11);
  multiply(x, HASH, P1.low, P1.high);
}

function avalanche(): void {
  xorShift(x, HASH, 33);
  multiply(x, HASH, P2.low, P2.high);
  xorShift(x, HASH, 29);
  multiply(x, HASH, P3.low, P3.high);
  xorShift(x, HASH, 32);
}

function stripes(bytes: Uint8Array, end: number): void {
  for (let at = 0; at < end; at += 32) {
    for (let w = 0; w < 4; w++) round(w, word32(bytes, at + 8 * w), word32(bytes, at + 8 * w + 4));
  }
}

const hash = seededLanes((bytes, length, out, seedLow, seedHigh) => {
  let at = length & ~31;
  if (at > 0) {
    start(seedLow, seedHigh);
    stripes(bytes, at);
    converge();
  } else {
    set(x, HASH, seedLow, seedHigh);
    add(x, HASH, P5.low, P5.high);
  }
  add(x, HASH, length, 0);
  for (; at + 8 <= length; at += 8) takeEight(word32(bytes, at), word32(bytes, at + 4));
  for (; at + 4 <= length; at += 4) takeFour(word32(bytes, at));
  for (; at < length; at++) takeOne(bytes[at]);
  avalanche();
  out[0] = x[2 * HASH];
  out[1] = x[2 * HASH + 1];
});

export const xxhash64: HashEntry = {
  name: 'xxhash64',
  summary: 'runs four 64-bit multiply-rotate lanes over 32-byte stripes, then avalanches',
  source: 'Collet, xxHash specification 0.1.1, XXH64',
  make: () => hash,
};
