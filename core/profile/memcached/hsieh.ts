/** Paul Hsieh's SuperFastHash as memcached's clients have it, the third byte of a tail signed (libhashkit hsieh.cc, nc_hsieh.c). */
import type { BytesHash } from '../bytes-hash.ts';

function pair(bytes: Uint8Array, at: number): number {
  return bytes[at] | (bytes[at + 1] << 8);
}

/** What is left after the last four bytes. */
function tail(hash: number, bytes: Uint8Array, at: number): number {
  let h = hash;
  const rest = bytes.length - at;
  if (rest === 3) {
    h = (h + pair(bytes, at)) | 0;
    h ^= h << 16;
    h ^= ((bytes[at + 2] << 24) >> 24) << 18;
    return (h + (h >>> 11)) | 0;
  }
  if (rest === 2) {
    h = (h + pair(bytes, at)) | 0;
    h ^= h << 11;
    return (h + (h >>> 17)) | 0;
  }
  if (rest === 0) return h;
  h = (h + bytes[at]) | 0;
  h ^= h << 10;
  return (h + (h >>> 1)) | 0;
}

/** The hash; an empty key's is 0. */
export const hsieh: BytesHash = (bytes) => {
  let h = 0;
  const whole = bytes.length & ~3;
  for (let at = 0; at < whole; at += 4) {
    h = (h + pair(bytes, at)) | 0;
    h = (h << 16) ^ (pair(bytes, at + 2) << 11) ^ h;
    h = (h + (h >>> 11)) | 0;
  }
  h = tail(h, bytes, whole);
  h ^= h << 3;
  h = (h + (h >>> 5)) | 0;
  h ^= h << 4;
  h = (h + (h >>> 17)) | 0;
  h ^= h << 25;
  return (h + (h >>> 6)) >>> 0;
};
