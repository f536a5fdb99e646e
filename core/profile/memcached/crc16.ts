/** twemproxy's crc16: the reflected polynomial 0x8005, from zero, as in the Linux kernel (nc_crc16.c). */
import type { BytesHash } from '../bytes-hash.ts';

const TABLE = Uint16Array.from({ length: 256 }, (_, byte) => {
  let c = byte;
  for (let bit = 0; bit < 8; bit++) c = c & 1 ? 0xa001 ^ (c >>> 1) : c >>> 1;
  return c;
});

/** Sixteen bits, too few for a ring of 32: next to no key passes its first point. */
export const crc16: BytesHash = (bytes) =>
  bytes.reduce((crc, byte) => (crc >>> 8) ^ TABLE[(crc ^ byte) & 0xff], 0);
