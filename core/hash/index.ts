/** Every hash function of the lab, one line each; `core/tables.ts` makes the table of them. */
export { crc32 } from './crc32.ts';
export { fnv1a } from './fnv1a.ts';
export { md5 } from './md5.ts';
export { modulo } from './modulo.ts';
export { murmur3 } from './murmur3.ts';
export { phi } from './phi.ts';
export { poly } from './poly.ts';
export { sha1 } from './sha1.ts';
export { sha256 } from './sha256.ts';
export { xxhash32 } from './xxhash32.ts';
