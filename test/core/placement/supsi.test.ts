/** Bucket schemes, ring and rendezvous against the Java programs of SUPSI, hash functions included. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { anchorBuckets } from '../../../core/placement/anchor.ts';
import { binomialBucket } from '../../../core/placement/binomial.ts';
import type { Buckets } from '../../../core/placement/buckets.ts';
import { dxBuckets } from '../../../core/placement/dx.ts';
import { flipBucket } from '../../../core/placement/flip.ts';
import { jumpBucket } from '../../../core/placement/jump.ts';
import { jumpBackBucket } from '../../../core/placement/jumpback.ts';
import { mementoBuckets } from '../../../core/placement/memento.ts';
import { powerBucket } from '../../../core/placement/power.ts';
import { probings } from '../../../core/placement/probing.ts';
import { rendezvous } from '../../../core/placement/rendezvous.ts';
import { ring } from '../../../core/placement/ring.ts';
import type { HashFunction, Placement } from '../../../core/types.ts';
import { supsiHash } from './supsi-hashes.ts';
import type { SupsiHash } from './supsi-hashes.ts';

interface Step {
  readonly op: string;
  /** The bucket that a join opened. */
  readonly bucket?: number;
  /** The bucket that was asked to go, and went. */
  readonly argument?: number;
  readonly mapping?: readonly number[];
}
interface Case {
  readonly algorithm: string;
  readonly hash: string;
}
type Steps = Case & { initial: number; capacity: number; steps: readonly Step[] };
type BySize = Case & { by_size: Readonly<Record<string, readonly number[]>> };
type Named = Case & { vnodes?: number; steps: readonly Step[] };
interface Golden<T> {
  readonly keys: readonly string[];
  readonly cases: readonly T[];
}
interface Hashes {
  readonly hash: string;
  readonly string: readonly number[];
  readonly string_seed_0xDEADBEEF: readonly number[];
  readonly string_seed_7: readonly number[];
  readonly long_int: readonly (readonly [number, number, number, number])[];
}

function golden<T>(name: string): Golden<T> {
  const file = new URL(`../../golden/supsi-${name}.json`, import.meta.url);
  return JSON.parse(readFileSync(file, 'utf8')) as Golden<T>;
}

/** Cases with the keys of their file, so that they can stand in one list. */
function withKeys<T>({ keys, cases }: Golden<T>): (T & { keys: readonly string[] })[] {
  return cases.map((one) => ({ ...one, keys }));
}

const steps = [...withKeys(golden<Steps>('arbitrary-removal')), ...withKeys(golden<Steps>('lifo'))];
const bySize = withKeys(golden<BySize>('sizes'));
const named = withKeys(golden<Named>('named'));
const hashes = withKeys(golden<Hashes>('hash-functions'));
const SEED = 0xdeadbeef;

type BucketOf = (h: number, n: number) => number;

/** The schemes that are a function of the hash and n. */
function stateless(algorithm: string, hash: SupsiHash): BucketOf {
  const again = (h: number, salt: number, draw: number): number => draw === 0 ? hash.long(h, salt) : hash.long(h, salt, draw); // prettier-ignore
  const schemes: Record<string, BucketOf> = {
    jump: (h, n) => jumpBucket(h, 0, n),
    flip: (h, n) => flipBucket(h, n, again),
    power: (h, n) => powerBucket(h, n, again),
    jumpback: jumpBackBucket,
    binomial: binomialBucket,
  };
  return schemes[algorithm];
}

function countdown(bucketOf: BucketOf, hash: SupsiHash): Buckets {
  let n = 0;
  return {
    bucket: (key) => bucketOf(hash.text(String(key)), n),
    join: () => n++,
    leave: () => {
      n--;
    },
    bytes: () => 0,
  };
}

function bucketsOf({ algorithm, hash: name }: Case, capacity: number): Buckets {
  const hash = supsiHash(name);
  const plain = (key: number | string): number => hash.text(String(key));
  if (algorithm === 'anchor') {
    return anchorBuckets(capacity, (key) => hash.text(String(key), SEED), (h, b) => hash.long(h, b, SEED)); // prettier-ignore
  }
  if (algorithm === 'dx') return dxBuckets(capacity, plain);
  if (algorithm === 'memento') return mementoBuckets(plain, (key, b) => hash.text(String(key), b));
  return countdown(stateless(algorithm, hash), hash);
}

const grown = (buckets: Buckets, n: number): Buckets => {
  for (let b = 0; b < n; b++) buckets.join();
  return buckets;
};
const mapping = (buckets: Buckets, keys: readonly string[]): number[] =>
  keys.map((key) => buckets.bucket(key, 0));

describe('the hash functions of SUPSI’s programs', () => {
  it.each(hashes)('$hash of text and of numbers, with and without seeds', (one) => {
    const hash = supsiHash(one.hash);
    for (const [i, key] of one.keys.entries()) {
      const found = [hash.text(key), hash.text(key, SEED), hash.text(key, 7)];
      expect(found).toEqual([one.string[i], one.string_seed_0xDEADBEEF[i], one.string_seed_7[i]]);
    }
    for (const [long, int, two, three] of one.long_int)
      expect([hash.long(long, int), hash.long(long, int, 3)]).toEqual([two, three]);
  });
});

describe('buckets as SUPSI’s programs give them', () => {
  it.each(steps)('$algorithm, $hash, through removals and additions from $initial', (one) => {
    const buckets = grown(bucketsOf(one, one.capacity), one.initial);
    for (const { op, bucket, argument, mapping: expected } of one.steps) {
      if (op === 'remove') buckets.leave(argument ?? -1);
      if (op === 'add') expect(buckets.join()).toBe(bucket);
      if (expected) expect([op, bucket, mapping(buckets, one.keys)]).toEqual([op, bucket, expected]);
    }
  });

  it.each(bySize)('$algorithm, $hash, of every size', (one) => {
    for (const [size, expected] of Object.entries(one.by_size)) {
      const n = Number(size);
      expect([n, mapping(grown(bucketsOf(one, 10 * n), n), one.keys)]).toEqual([n, expected]);
    }
  });
});

function namedPlacement({ algorithm, hash: name, vnodes = 1 }: Case & { vnodes?: number }): Placement {
  const hash = supsiHash(name);
  const requestHash: HashFunction = (key) => hash.text(String(key));
  const serverHash: HashFunction = (id, j) => algorithm === 'ring' ? hash.text(`node_${id}`, j) : Number(id); // prettier-ignore
  const options = { slots: 1, vnodes, vnodeFrom: 0, probing: probings.linear, requestHash, serverHash };
  if (algorithm === 'ring') return ring(options);
  return rendezvous(options, (key, _h, node) => hash.text(`${key}node_${node}`));
}

/**
 * What these programs call Maglev takes one try a turn, and their multi-probe's distance does not wrap: neither is its
 * paper's, which the lab follows (see the vectors' own warnings).
 */
const theirs = ['maglev', 'multiprobe'];

describe('named nodes as SUPSI’s programs place them', () => {
  it.each(named.filter(({ algorithm }) => !theirs.includes(algorithm)))('$algorithm, $hash', (one) => {
    const placement = namedPlacement(one);
    const add = (id: number): void => { placement.add({ handle: id, id, name: `node_${id}`, weight: 1 }); }; // prettier-ignore
    for (const { op, mapping: expected } of one.steps) {
      const node = Number(/(\d+)$/.exec(op)?.[1]);
      if (op.startsWith('init')) for (let id = 0; id <= node; id++) add(id);
      else if (op.startsWith('add')) add(node);
      else placement.remove(node);
      expect([op, one.keys.map((key) => placement.locate(key))]).toEqual([op, expected]);
    }
  });
});
