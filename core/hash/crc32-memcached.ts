/** Memcached clients' "crc32": bits 16 to 30 of the real one, so it has only 32,768 values (libhashkit crc32.cc). */
import type { HashEntry } from '../types.ts';
import { crc32 } from './crc32.ts';

const whole = crc32.make([]);

export const crc32Memcached: HashEntry = {
  name: 'crc32-memcached',
  summary: "keeps 15 bits of CRC-32, as memcached's clients do: too few for a ring",
  source: 'libmemcached 1.0.18, libhashkit/crc32.cc',
  make: () => (key, seed) => (whole(key, seed) >>> 16) & 0x7fff,
};
