/** The 32-bit number that HAProxy makes of a key: `hash-type`, `balance source`, and the converters of `balance hash`. */
import { fullHash } from '../../hash/avalanche.ts';
import { crc32 } from '../../hash/crc32.ts';
import { djb2 } from '../../hash/djb2.ts';
import { sdbm } from '../../hash/sdbm.ts';
import { wt6 } from '../../hash/wt6.ts';
import { InputError } from '../../input-error.ts';
import { addressBytes } from '../address.ts';
import { bytesHash } from '../bytes-hash.ts';
import type { BytesHash } from '../bytes-hash.ts';
import { convertersOf } from './converters.ts';
import { headerValue, keyPart } from './key-bytes.ts';
import type { HaproxyOptions } from './options.ts';

const hashes: Readonly<Record<string, BytesHash>> = {
  sdbm: bytesHash(sdbm),
  djb2: bytesHash(djb2),
  wt6: bytesHash(wt6),
  crc32: bytesHash(crc32),
  none: decimal,
};
const decoder = new TextDecoder();
const MOST_INT64 = 9_223_372_036_854_775_807n;

/** A key's hash, or null where HAProxy goes round robin. @throws InputError for a key that is none. */
export type KeyHash = (key: Uint8Array) => number | null;

/** The hash that the options describe. */
export function keyHash(options: HaproxyOptions): KeyHash {
  const finish = options.avalanche ? fullHash : (h: number): number => h;
  if (options.balance === 'source') return (key) => finish(foldAddress(key));
  const hash = hashes[options.hash];
  if (options.balance === 'hash') {
    const convert = convertersOf(options.converters);
    return (key) => finish(hash(convert(headerValue(key, options.value))));
  }
  return (key) => {
    const part = keyPart(key, options);
    return part === null ? null : finish(hash(part));
  };
}

/** `none`: the text read as a decimal 64-bit integer, of which 32 bits count. */
function decimal(key: Uint8Array): number {
  const [, sign = '', digits = ''] = /^([+-]?)(\d*)/.exec(decoder.decode(key.subarray(0, 64))) ?? [];
  const read = BigInt(digits === '' ? '0' : digits);
  const whole = read > MOST_INT64 ? MOST_INT64 : read;
  return Number(BigInt.asUintN(32, sign === '-' ? -whole : whole));
}

/** The exclusive or of the address's words, most significant byte first. */
function foldAddress(key: Uint8Array): number {
  const bytes = key.length > 64 ? null : addressBytes(decoder.decode(key));
  if (bytes === null) {
    const text = decoder.decode(key.subarray(0, 64));
    throw new InputError(
      `The key ${JSON.stringify(text)} is no IP address, and 'balance source' hashes the client's address.`,
    );
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let h = 0;
  for (let i = 0; i < bytes.length; i += 4) h ^= view.getUint32(i);
  return h >>> 0;
}
