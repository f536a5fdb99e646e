/** MurmurHash3 x64_128, Austin Appleby's (smhasher, MurmurHash3.cpp): lanes 0 and 1 are h1, lanes 2 and 3 are h2. */
import type { HashEntry } from '../types.ts';
import { seededLanes } from './lanes.ts';
import { add, multiply, rotate, set, tail32, word32, xor, xorShift } from './words.ts';

const C1 = { low: 0x114253d5, high: 0x87c37b91 | 0 } as const;
const C2 = { low: 0x2745937f, high: 0x4cf5ad43 } as const;
/** Words 0 and 1 are h1 and h2, words 2 and 3 the two halves of a block. */
const x = new Int32Array(8);

function mixFirst(): void {
  multiply(x, 2, C1.low, C1.high);
  rotate(x, 2, 31);
  multiply(x, 2, C2.low, C2.high);
  xor(x, 0, x[4], x[5]);
}

function mixSecond(): void {
  multiply(x, 3, C2.low, C2.high);
  rotate(x, 3, 33);
  multiply(x, 3, C1.low, C1.high);
  xor(x, 1, x[6], x[7]);
}

function block(bytes: Uint8Array, at: number): void {
  set(x, 2, word32(bytes, at), word32(bytes, at + 4));
  set(x, 3, word32(bytes, at + 8), word32(bytes, at + 12));
  mixFirst();
  rotate(x, 0, 27);
  add(x, 0, x[2], x[3]);
  multiply(x, 0, 5, 0);
  add(x, 0, 0x52dce729, 0);
  mixSecond();
  rotate(x, 1, 31);
  add(x, 1, x[0], x[1]);
  multiply(x, 1, 5, 0);
  add(x, 1, 0x38495ab5, 0);
}

/** Makes every bit of word w reach every other (fmix64). */
function finalise(w: number): void {
  xorShift(x, w, 33);
  multiply(x, w, 0xed558ccd | 0, 0xff51afd7 | 0);
  xorShift(x, w, 33);
  multiply(x, w, 0x1a85ec53, 0xc4ceb9fe | 0);
  xorShift(x, w, 33);
}

const hash = seededLanes((bytes, length, out, seedLow) => {
  set(x, 0, seedLow, 0);
  set(x, 1, seedLow, 0);
  const blocks = length & ~15;
  for (let at = 0; at < blocks; at += 16) block(bytes, at);
  set(x, 3, tail32(bytes, blocks + 8, length), tail32(bytes, blocks + 12, length));
  set(x, 2, tail32(bytes, blocks, length), tail32(bytes, blocks + 4, length));
  mixSecond();
  mixFirst();
  xor(x, 0, length, 0);
  xor(x, 1, length, 0);
  add(x, 0, x[2], x[3]);
  add(x, 1, x[0], x[1]);
  finalise(0);
  finalise(1);
  add(x, 0, x[2], x[3]);
  add(x, 1, x[0], x[1]);
  for (let lane = 0; lane < 4; lane++) out[lane] = x[lane];
}, 4);

export const murmur3Wide: HashEntry = {
  name: 'murmur3-128',
  summary: 'runs two 64-bit lanes over sixteen bytes at a time, each avalanched (x64, 128 bits)',
  source: 'Appleby 2011, smhasher MurmurHash3.cpp',
  make: () => hash,
};
