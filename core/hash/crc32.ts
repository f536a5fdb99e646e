/** CRC-32 as in Ethernet, zip and nginx: reflected polynomial 0xEDB88320 (ISO 3309; RFC 1952 section 8). */
import type { HashEntry } from '../types.ts';
import { unseeded } from './bytes.ts';

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let c = byte;
  for (let bit = 0; bit < 8; bit++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c;
});

const hash = unseeded((bytes, length) => {
  let c = 0xffffffff;
  for (let i = 0; i < length; i++) c = TABLE[(c ^ bytes[i]) & 0xff] ^ (c >>> 8);
  return ~c >>> 0;
});

export const crc32: HashEntry = {
  name: 'crc32',
  summary: 'is the remainder of a division of polynomials over bits, a checksum used as a hash',
  source: 'ISO 3309; RFC 1952 section 8',
  make: () => hash,
};
