/** FNV-1a, 64 bits: exclusive-or a byte, multiply by the FNV prime (Fowler, Noll, Vo; RFC 9923). */
import type { HashEntry } from '../types.ts';
import { BASIS, timesHigh, timesLow } from './fnv64.ts';
import { unseededLanes } from './lanes.ts';

const hash = unseededLanes((bytes, length, out) => {
  let { low, high }: { low: number; high: number } = BASIS;
  for (let i = 0; i < length; i++) {
    low ^= bytes[i];
    high = timesHigh(low, high);
    low = timesLow(low);
  }
  out[0] = low;
  out[1] = high;
});

export const fnv1aWide: HashEntry = {
  name: 'fnv1a-64',
  summary: 'exclusive-ors each byte, then multiplies by the 64-bit FNV prime',
  source: 'Fowler, Noll, Vo 1991; RFC 9923',
  make: () => hash,
};
