/** The hash of the sdbm database library, Ozan Yigit's: times 65,599, plus a byte. HAProxy's default for keys. */
import type { HashEntry } from '../types.ts';
import { unseeded } from './bytes.ts';

const hash = unseeded((bytes, length) => {
  let h = 0;
  for (let i = 0; i < length; i++) h = (bytes[i] + (h << 6) + (h << 16) - h) | 0;
  return h >>> 0;
});

export const sdbm: HashEntry = {
  name: 'sdbm',
  summary: "multiplies by 65,599 and adds each byte; HAProxy's default",
  source: 'Yigit, sdbm; HAProxy src/hash.c',
  make: () => hash,
};
