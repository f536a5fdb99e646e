/** The converters of `balance hash EXPRESSION` that the lab knows, from bytes to bytes (HAProxy sample.c). */
import { fullHash } from '../../hash/avalanche.ts';
import { rawKey } from '../../hash/bytes.ts';
import { crc32 } from '../../hash/crc32.ts';
import { djb2 } from '../../hash/djb2.ts';
import { sdbm } from '../../hash/sdbm.ts';
import { wt6 } from '../../hash/wt6.ts';
import { xxhash32 } from '../../hash/xxhash32.ts';
import { xxhash64 } from '../../hash/xxhash64.ts';
import { unknownName } from '../../input-error.ts';
import type { HashEntry } from '../../types.ts';

type Convert = (bytes: Uint8Array) => Uint8Array;

/** An integer, when hashed, is its eight bytes, most significant first. */
function integer(low: number, high: number): Uint8Array {
  const out = new Uint8Array(8);
  const view = new DataView(out.buffer);
  view.setUint32(0, high);
  view.setUint32(4, low);
  return out;
}

/** A 32-bit hash; its argument 1 means avalanche. */
function narrow(entry: HashEntry): (argument: number) => Convert {
  const hash = entry.make([]);
  return (argument) => (bytes) => {
    const h = hash(rawKey(bytes), 0);
    return integer(argument === 0 ? h : fullHash(h), 0);
  };
}

const lanes = new Uint32Array(2);

/** The xxHashes; their argument is the seed. */
const xxh32 =
  (seed: number): Convert =>
  (bytes) =>
    integer(xxhash32.make([])(rawKey(bytes), seed), 0);
const xxh64 =
  (seed: number): Convert =>
  (bytes) => {
    xxhash64.make([]).wide?.lanes?.(rawKey(bytes), seed, lanes);
    return integer(lanes[0], lanes[1]);
  };

/** ASCII letters, all of one case. */
const shift =
  (from: number, by: number): Convert =>
  (bytes) =>
    bytes.map((byte) => (byte >= from && byte < from + 26 ? byte + by : byte));

const known: Readonly<Record<string, (argument: number) => Convert>> = {
  crc32: narrow(crc32),
  djb2: narrow(djb2),
  lower: () => shift(0x41, 0x20),
  sdbm: narrow(sdbm),
  upper: () => shift(0x61, -0x20),
  wt6: narrow(wt6),
  xxh32,
  xxh64,
};

/** The converters of a list such as `lower,xxh64(7)`, one after another. */
export function convertersOf(list: string): Convert {
  const steps = list.split(',').filter((text) => text !== '').map(converterOf); // prettier-ignore
  return (bytes) => steps.reduce((value, step) => step(value), bytes);
}

function converterOf(text: string): Convert {
  const [, name = text, argument = '0'] = /^(\w+)(?:\((\d*)\))?$/.exec(text) ?? [];
  if (!Object.hasOwn(known, name)) throw unknownName('converter', text, Object.keys(known));
  return known[name](Number(argument));
}
