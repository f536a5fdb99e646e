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
  readonly bucket?: number;
  readonly mapping?: readonly number[];
}
interface Case {
  readonly algorithm: string;
  readonly hash: string;
}
interface Golden {
  readonly keys: readonly string[];
  readonly steps: readonly (Case & { initial: number; capacity: number; steps: readonly Step[] })[];
  readonly bySize: readonly (Case & { by_size: Readonly<Record<string, readonly number[]>> })[];
  readonly named: readonly (Case & { vnodes?: number; steps: readonly Step[] })[];
}

const file = new URL('../../golden/supsi.json', import.meta.url);
const golden = JSON.parse(readFileSync(file, 'utf8')) as Golden;
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
const mapping = (buckets: Buckets): number[] => golden.keys.map((key) => buckets.bucket(key, 0));

describe('buckets as SUPSI’s programs give them', () => {
  it.each(golden.steps)('$algorithm, $hash, through removals and additions from $initial', (one) => {
    const buckets = grown(bucketsOf(one, one.capacity), one.initial);
    for (const { op, bucket, mapping: expected } of one.steps) {
      if (op === 'remove') buckets.leave(bucket ?? -1);
      if (op === 'add') expect(buckets.join()).toBe(bucket);
      if (expected) expect([op, bucket, mapping(buckets)]).toEqual([op, bucket, expected]);
    }
  });

  it.each(golden.bySize)('$algorithm, $hash, of every size', (one) => {
    for (const [size, expected] of Object.entries(one.by_size)) {
      const n = Number(size);
      expect([n, mapping(grown(bucketsOf(one, 10 * n), n))]).toEqual([n, expected]);
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

describe('named nodes as SUPSI’s programs place them', () => {
  it.each(golden.named)('$algorithm, $hash', (one) => {
    const placement = namedPlacement(one);
    const add = (id: number): void => { placement.add({ handle: id, id, name: `node_${id}`, weight: 1 }); }; // prettier-ignore
    for (const { op, mapping: expected } of one.steps) {
      const node = Number(/(\d+)$/.exec(op)?.[1]);
      if (op.startsWith('init')) for (let id = 0; id <= node; id++) add(id);
      else if (op.startsWith('add')) add(node);
      else placement.remove(node);
      expect([op, golden.keys.map((key) => placement.locate(key))]).toEqual([op, expected]);
    }
  });
});
