/** Measures one subject, size and kind of keys in a process of its own, so that no other shapes the compiler's view. */
import { Bench } from 'tinybench';
import { stream } from '../core/random/stream.ts';
import type { Key } from '../core/types.ts';
import type { Lookup, Subject } from './subjects.ts';

/** Lookups a second, by the median over samples. */
export interface Speed {
  readonly name: string;
  readonly servers: number;
  readonly keys: 'integers' | 'strings';
  readonly perSecond: number;
}

const BATCH = 4096;
const TIME_MS = 250;

/** One size and kind of keys of a subject. */
export async function measureSubject(
  { name, build }: Subject,
  servers: number,
  keys: Speed['keys'],
): Promise<Speed> {
  return { name, servers, keys, perSecond: await lookupsPerSecond(build(servers, keys), keysOf(keys)) };
}

async function lookupsPerSecond(lookup: Lookup, keys: readonly Key[]): Promise<number> {
  const bench = new Bench({ time: TIME_MS, warmupTime: TIME_MS });
  let last: unknown;
  bench.add('lookup', () => {
    for (const key of keys) last = lookup(key);
  });
  const [task] = await bench.run();
  if (last === undefined || task.result.state !== 'completed') throw new Error('a lookup gave nothing');
  return (BATCH / task.result.latency.p50) * 1000;
}

/** Random integers below 2^30, or strings of 20 bytes that end in one. */
function keysOf(kind: 'integers' | 'strings'): Key[] {
  const random = stream(42, 'keys');
  const integers = Array.from({ length: BATCH }, () => Math.floor(random() * 2 ** 30));
  if (kind === 'integers') return integers;
  // By way of bytes, as keys come from a network: what `padStart` returns is still in pieces.
  return integers.map((n) => Buffer.from(`/item/${String(n).padStart(14, '0')}`).toString('latin1'));
}
