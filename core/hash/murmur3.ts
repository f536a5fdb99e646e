/** MurmurHash3 x86_32, Austin Appleby's (smhasher, MurmurHash3.cpp). */
import type { HashEntry } from '../types.ts';
import { seeded } from './bytes.ts';

const C1 = 0xcc9e2d51;
const C2 = 0x1b873593;

function scramble(block: number): number {
  const k = Math.imul(block, C1);
  return Math.imul((k << 15) | (k >>> 17), C2);
}

/** Makes every input bit reach every output bit (fmix32). */
function finalise(h: number): number {
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

const hash = seeded((bytes, length, seed) => {
  let h = seed | 0;
  const blocks = length & ~3;
  for (let i = 0; i < blocks; i += 4) {
    h ^= scramble(bytes[i] | (bytes[i + 1] << 8) | (bytes[i + 2] << 16) | (bytes[i + 3] << 24));
    h = (Math.imul((h << 13) | (h >>> 19), 5) + 0xe6546b64) | 0;
  }
  let tail = 0;
  for (let i = length - 1; i >= blocks; i--) tail = (tail << 8) | bytes[i];
  if (length > blocks) h ^= scramble(tail);
  return finalise(h ^ length);
});

export const murmur3: HashEntry = {
  name: 'murmur3',
  summary: 'multiplies and rotates four bytes at a time, then avalanches (x86, 32 bits)',
  source: 'Appleby 2011, smhasher MurmurHash3.cpp',
  make: () => hash,
};
