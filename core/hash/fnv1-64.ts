/** FNV-1, 64 bits: multiply by the FNV prime, then exclusive-or a byte (Fowler, Noll, Vo; RFC 9923). */
import type { HashEntry } from '../types.ts';
import { BASIS, timesHigh, timesLow } from './fnv64.ts';
import { unseededLanes } from './lanes.ts';

const hash = unseededLanes((bytes, length, out) => {
  let { low, high }: { low: number; high: number } = BASIS;
  for (let i = 0; i < length; i++) {
    high = timesHigh(low, high);
    low = timesLow(low) ^ bytes[i];
  }
  out[0] = low;
  out[1] = high;
});

export const fnv1Wide: HashEntry = {
  name: 'fnv1-64',
  summary: 'multiplies by the 64-bit FNV prime, then exclusive-ors each byte',
  source: 'Fowler, Noll, Vo 1991; RFC 9923',
  make: () => hash,
};
