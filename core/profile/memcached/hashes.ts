/** The hash functions of memcached's clients, with their quirks: signed bytes, low halves, seeds (libhashkit, nc_*.c). */
import { crc32Memcached } from '../../hash/crc32-memcached.ts';
import { hashlittle } from '../../hash/lookup3.ts';
import { crc32 } from '../../hash/crc32.ts';
import { md5 } from '@noble/hashes/legacy.js';
import { murmur2 } from '../../hash/murmur2.ts';
import { murmur3 } from '../../hash/murmur3.ts';
import { bytesHash } from '../bytes-hash.ts';
import type { BytesHash } from '../bytes-hash.ts';
import { crc16 } from './crc16.ts';
import { hsieh } from './hsieh.ts';

const FNV32 = { basis: 0x811c9dc5, prime: 0x01000193 };
/** The low halves of 64-bit FNV's numbers: the low half of a product needs no others. */
const FNV64 = { basis: 0x84222325, prime: 0x1b3 };
const SEED = 0xdeadbeef;
const JENKINS_SEED = 13;
const murmur = bytesHash(murmur2);
const third = bytesHash(murmur3);

type Fnv = typeof FNV32;

/** A `char` of C is signed: bytes from 0x80 on turn over the higher bits too. */
function signed(byte: number): number {
  return (byte << 24) >> 24;
}

function fnv1({ basis, prime }: Fnv): BytesHash {
  return (bytes) => bytes.reduce((h, byte) => Math.imul(h, prime) ^ signed(byte), basis) >>> 0;
}

function fnv1a({ basis, prime }: Fnv): BytesHash {
  return (bytes) => bytes.reduce((h, byte) => Math.imul(h ^ signed(byte), prime), basis) >>> 0;
}

const oneAtATime: BytesHash = (bytes) => {
  let h = 0;
  for (const byte of bytes) {
    h = (h + signed(byte)) | 0;
    h = (h + (h << 10)) | 0;
    h ^= h >>> 6;
  }
  h = (h + (h << 3)) | 0;
  h ^= h >>> 11;
  return (h + (h << 15)) >>> 0;
};

/** MD5's first four bytes, least significant first. */
export const md5First: BytesHash = (bytes) => md5Points(bytes)[0];

/** MD5 as four numbers of 32 bits, least significant byte first: four points of a ring. */
export function md5Points(bytes: Uint8Array): readonly number[] {
  const digest = md5(bytes);
  const view = new DataView(digest.buffer, digest.byteOffset);
  return [0, 4, 8, 12].map((at) => view.getUint32(at, true));
}

/** What libmemcached and twemproxy have in common, by the names that they give it. */
const shared: Readonly<Record<string, BytesHash>> = {
  md5: md5First,
  crc32: bytesHash(crc32Memcached),
  crc32a: bytesHash(crc32),
  fnv1_32: fnv1(FNV32),
  fnv1a_32: fnv1a(FNV32),
  fnv1_64: fnv1(FNV64),
  fnv1a_64: fnv1a(FNV64),
  murmur: (bytes) => murmur(bytes, Math.imul(SEED, bytes.length) >>> 0),
  one_at_a_time: oneAtATime,
  hsieh,
  jenkins: (bytes) => hashlittle(bytes, bytes.length, JENKINS_SEED),
};

/** libmemcached's; many builds of it leave hsieh out. */
export const libmemcachedHashes: Readonly<Record<string, BytesHash>> = {
  ...shared,
  murmur3: (bytes) => third(bytes, Math.imul(SEED, bytes.length) >>> 0),
};

export const twemproxyHashes: Readonly<Record<string, BytesHash>> = { ...shared, crc16 };

const decoder = new TextDecoder();

/** spymemcached's, over the UTF-16 units of a Java string. */
export const javaHashes: Readonly<Record<string, BytesHash>> = {
  KETAMA_HASH: md5First,
  CRC_HASH: bytesHash(crc32Memcached),
  NATIVE_HASH: (bytes) => units(bytes).reduce((h, unit) => (Math.imul(h, 31) + unit) >>> 0, 0),
  FNV1_32_HASH: (bytes) =>
    units(bytes).reduce((h, unit) => Math.imul(h, FNV32.prime) ^ unit, FNV32.basis) >>> 0,
  FNV1A_32_HASH: (bytes) =>
    units(bytes).reduce((h, unit) => Math.imul(h ^ unit, FNV32.prime), FNV32.basis) >>> 0,
  FNV1_64_HASH: (bytes) =>
    units(bytes).reduce((h, unit) => Math.imul(h, FNV64.prime) ^ unit, FNV64.basis) >>> 0,
  FNV1A_64_HASH: (bytes) =>
    units(bytes).reduce((h, unit) => Math.imul(h ^ unit, FNV64.prime), FNV64.basis) >>> 0,
};

function units(bytes: Uint8Array): number[] {
  const text = decoder.decode(bytes);
  return Array.from({ length: text.length }, (_, i) => text.charCodeAt(i));
}
