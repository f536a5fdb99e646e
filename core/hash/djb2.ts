/** Daniel J. Bernstein's hash of comp.lang.c: begin at 5381, times 33, plus a byte. */
import type { HashEntry } from '../types.ts';
import { unseeded } from './bytes.ts';

const hash = unseeded((bytes, length) => {
  let h = 5381;
  for (let i = 0; i < length; i++) h = (Math.imul(h, 33) + bytes[i]) | 0;
  return h >>> 0;
});

export const djb2: HashEntry = {
  name: 'djb2',
  summary: 'multiplies by 33 and adds each byte, from 5381; short keys stay close together',
  source: 'Bernstein, comp.lang.c 1991; HAProxy src/hash.c',
  make: () => hash,
};
