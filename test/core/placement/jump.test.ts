/** Jump hash of 64-bit keys against Guava and the reference implementation. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { jumpBucket } from '../../../core/placement/jump.ts';

interface Golden {
  readonly ns: readonly number[];
  readonly rows: readonly { readonly key: string; readonly buckets: readonly number[] }[];
  readonly official: {
    readonly by_n_1_to: readonly { readonly key: string; readonly buckets: readonly number[] }[];
    readonly golden100: readonly number[];
    readonly single: readonly { readonly key: string; readonly n: number; readonly bucket: number }[];
  };
}

const file = new URL('../../golden/jump.json', import.meta.url);
const { ns, rows, official } = JSON.parse(readFileSync(file, 'utf8')) as Golden;

function jump(key: string, n: number): number {
  const value = BigInt.asUintN(64, BigInt(key));
  return jumpBucket(Number(value & 0xffffffffn), Number(value >> 32n), n);
}

it('gives Guava’s buckets for 64-bit keys', () => {
  for (const { key, buckets } of rows) expect([key, ns.map((n) => jump(key, n))]).toEqual([key, buckets]);
});

it('gives those of the reference implementation', () => {
  for (const { key, buckets } of official.by_n_1_to) {
    expect([key, buckets.map((_, i) => jump(key, i + 1))]).toEqual([key, buckets]);
  }
  expect(official.golden100.map((_, key) => jump(String(key), 100))).toEqual(official.golden100);
  for (const { key, n, bucket } of official.single) expect([key, n, jump(key, n)]).toEqual([key, n, bucket]);
});
