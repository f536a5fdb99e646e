/** Hash values hashed again under a salt: Murmur3's finaliser, which is a bijection (Appleby, smhasher). */

const GOLDEN = 0x9e3779b9;

/** A 32-bit value for a hash and a salt; different salts give independent values. */
export function mix(hash: number, salt: number): number {
  return finalised(hash ^ salted(salt));
}

/** What a salt changes in a hash, for whoever takes the same salts again and again. */
export function salted(salt: number): number {
  return Math.imul(salt + 1, GOLDEN);
}

/** The finaliser itself. */
export function finalised(hash: number): number {
  let h = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** A key's hash hashed again, for schemes that draw more than one number for a key. */
export type Rehash = (hash: number, salt: number, iteration: number) => number;

/** The lab's own. */
export const rehash: Rehash = (hash, salt, iteration) => mix(mix(hash, salt), iteration);
