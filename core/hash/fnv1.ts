/** FNV-1, 32 bits: multiply by the FNV prime, then exclusive-or a byte (Fowler, Noll, Vo; RFC 9923). */
import type { HashEntry } from '../types.ts';
import { unseeded } from './bytes.ts';

const OFFSET_BASIS = 0x811c9dc5;
const PRIME = 0x01000193;

const hash = unseeded((bytes, length) => {
  let h = OFFSET_BASIS;
  for (let i = 0; i < length; i++) h = Math.imul(h, PRIME) ^ bytes[i];
  return h >>> 0;
});

export const fnv1: HashEntry = {
  name: 'fnv1',
  summary: 'multiplies by the FNV prime, then exclusive-ors each byte; the last one hardly mixes',
  source: 'Fowler, Noll, Vo 1991; RFC 9923',
  make: () => hash,
};
