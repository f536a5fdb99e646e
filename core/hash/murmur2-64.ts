/** MurmurHash64A, Austin Appleby's (smhasher, MurmurHash2.cpp); libstdc++'s std::hash and Envoy's under 0xc70f6907. */
import type { HashEntry } from '../types.ts';
import { seededLanes } from './lanes.ts';
import { multiply, set, tail32, word32, xor, xorShift } from './words.ts';

const M_LOW = 0x5bd1e995;
const M_HIGH = 0xc6a4a793 | 0;
const R = 47;
/** Word 0 is the hash, word 1 the block. */
const x = new Int32Array(4);

function scramble(): void {
  multiply(x, 1, M_LOW, M_HIGH);
  xorShift(x, 1, R);
  multiply(x, 1, M_LOW, M_HIGH);
}

const hash = seededLanes((bytes, length, out, seedLow, seedHigh) => {
  set(x, 0, length, 0);
  multiply(x, 0, M_LOW, M_HIGH);
  xor(x, 0, seedLow, seedHigh);
  const blocks = length & ~7;
  for (let i = 0; i < blocks; i += 8) {
    set(x, 1, word32(bytes, i), word32(bytes, i + 4));
    scramble();
    xor(x, 0, x[2], x[3]);
    multiply(x, 0, M_LOW, M_HIGH);
  }
  if (length > blocks) {
    xor(x, 0, tail32(bytes, blocks, length), tail32(bytes, blocks + 4, length));
    multiply(x, 0, M_LOW, M_HIGH);
  }
  xorShift(x, 0, R);
  multiply(x, 0, M_LOW, M_HIGH);
  xorShift(x, 0, R);
  out[0] = x[0];
  out[1] = x[1];
});

export const murmur2Wide: HashEntry = {
  name: 'murmur2-64',
  summary: 'multiplies eight bytes at a time (MurmurHash64A)',
  source: 'Appleby 2008, smhasher MurmurHash2.cpp',
  make: () => hash,
};
