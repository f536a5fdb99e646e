/** MurmurHash2, 32 bits, Austin Appleby's (smhasher, MurmurHash2.cpp); libhashkit's "murmur" under its own seeds. */
import type { HashEntry } from '../types.ts';
import { seeded } from './bytes.ts';
import { tail32, word32 } from './words.ts';

const M = 0x5bd1e995;

const hash = seeded((bytes, length, seed) => {
  let h = seed ^ length;
  const blocks = length & ~3;
  for (let i = 0; i < blocks; i += 4) {
    const k = Math.imul(word32(bytes, i), M);
    h = Math.imul(h, M) ^ Math.imul(k ^ (k >>> 24), M);
  }
  if (length > blocks) h = Math.imul(h ^ tail32(bytes, blocks, length), M);
  h = Math.imul(h ^ (h >>> 13), M);
  return (h ^ (h >>> 15)) >>> 0;
});

export const murmur2: HashEntry = {
  name: 'murmur2',
  summary: 'multiplies four bytes at a time; the older of the 32-bit Murmurs',
  source: 'Appleby 2008, smhasher MurmurHash2.cpp',
  make: () => hash,
};
