/** FNV-1a, 32 bits: exclusive-or a byte, multiply by the FNV prime (Fowler, Noll, Vo; RFC 9923). */
import type { HashEntry, Key } from '../types.ts';
import { unseeded } from './bytes.ts';

const OFFSET_BASIS = 0x811c9dc5;
const PRIME = 0x01000193;

const hash = unseeded((bytes, length) => {
  let h = OFFSET_BASIS;
  for (let i = 0; i < length; i++) h = Math.imul(h ^ bytes[i], PRIME);
  return h >>> 0;
});

/** FNV-1a of a key, for turning text into an integer. */
export function fnv1aOf(key: Key): number {
  return hash(key, 0);
}

export const fnv1a: HashEntry = {
  name: 'fnv1a',
  summary: 'exclusive-ors each byte, then multiplies by the FNV prime',
  source: 'Fowler, Noll, Vo 1991; RFC 9923',
  make: () => hash,
};
