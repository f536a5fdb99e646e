/** The hash functions of SUPSI's Java benchmark: of text, and of numbers as big-endian bytes. */
import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';

/** Of a text and its seed (0 adds nothing), and of a long and its ints. */
export interface SupsiHash {
  text(text: string, seed?: number): number;
  long(value: number, ...ints: readonly number[]): number;
}

const rotate = (x: number, bits: number): number => (x << bits) | (x >>> (32 - bits));

function murmur3(bytes: Buffer): number {
  const scramble = (k: number): number => Math.imul(rotate(Math.imul(k, 0xcc9e2d51), 15), 0x1b873593);
  const whole = bytes.length & ~3;
  let h = 0;
  for (let i = 0; i < whole; i += 4) {
    h = (Math.imul(rotate(h ^ scramble(bytes.readInt32LE(i)), 13), 5) + 0xe6546b64) | 0;
  }
  if (bytes.length > whole) h ^= scramble(bytes.readUIntLE(whole, bytes.length - whole));
  h ^= bytes.length;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return Math.abs(h ^ (h >>> 16));
}

/** Without stripes, so for fewer than 16 bytes; and with one accumulator a lane for more. */
function xxhash32(bytes: Buffer): number {
  const [p1, p2, p3, p4, p5] = [0x9e3779b1, 0x85ebca77, 0xc2b2ae3d, 0x27d4eb2f, 0x165667b1];
  const lanes = [p1 + p2, p2, 0, -p1];
  let at = 0;
  for (; at + 16 <= bytes.length; at += 16) {
    lanes.forEach((lane, i) => {
      const input = Math.imul(bytes.readInt32LE(at + 4 * i), p2);
      lanes[i] = Math.imul(rotate((lane + input) | 0, 13), p1);
    });
  }
  const bits = [1, 7, 12, 18];
  let h = at > 0 ? lanes.reduce((sum, lane, i) => sum + rotate(lane, bits[i]), 0) : p5;
  h = (h + bytes.length) | 0;
  for (; at + 4 <= bytes.length; at += 4) h = Math.imul(rotate((h + Math.imul(bytes.readInt32LE(at), p3)) | 0, 17), p4); // prettier-ignore
  for (; at < bytes.length; at++) h = Math.imul(rotate((h + Math.imul(bytes[at], p5)) | 0, 11), p1);
  h = Math.imul(h ^ (h >>> 15), p2);
  h = Math.imul(h ^ (h >>> 13), p3);
  return (h ^ (h >>> 16)) >>> 0;
}

const algorithms: Readonly<Record<string, (bytes: Buffer) => number>> = {
  MURMUR3: murmur3,
  XX: xxhash32,
  CRC32: (bytes) => crc32(bytes),
  MD5: (bytes) => createHash('md5').update(bytes).digest().readUInt32BE(0),
};

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value | 0);
  return bytes;
}

/** A hash function by its name there. */
export function supsiHash(name: string): SupsiHash {
  const algorithm = algorithms[name];
  return {
    text: (text, seed = 0) =>
      algorithm(Buffer.concat([Buffer.from(text), ...(seed === 0 ? [] : [int32(seed)])])),
    long(value, ...ints) {
      const bytes = Buffer.alloc(8);
      bytes.writeBigInt64BE(BigInt(value));
      return algorithm(Buffer.concat([bytes, ...ints.map(int32)]));
    },
  };
}
