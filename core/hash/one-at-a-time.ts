/** Bob Jenkins' one-at-a-time hash (Dr. Dobb's Journal, September 1997). */
import type { HashEntry } from '../types.ts';
import { unseeded } from './bytes.ts';

const hash = unseeded((bytes, length) => {
  let h = 0;
  for (let i = 0; i < length; i++) {
    h = (h + bytes[i]) | 0;
    h = (h + (h << 10)) | 0;
    h ^= h >>> 6;
  }
  h = (h + (h << 3)) | 0;
  h ^= h >>> 11;
  return (h + (h << 15)) >>> 0;
});

export const oneAtATime: HashEntry = {
  name: 'one-at-a-time',
  summary: 'shifts and adds byte by byte, then avalanches',
  source: "Jenkins 1997, Dr. Dobb's Journal",
  make: () => hash,
};
