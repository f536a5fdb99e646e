/** SHA-256 (FIPS 180-4), by @noble/hashes: audited, dependency-free, the same code in a browser. */
import { sha256 as digest } from '@noble/hashes/sha2.js';
import type { HashEntry } from '../types.ts';
import { ofDigest } from './digest.ts';

export const sha256: HashEntry = {
  name: 'sha256',
  summary: 'is a 256-bit digest read as one integer, as int(hexdigest, 16) does',
  source: 'FIPS 180-4',
  make: () => ofDigest(digest),
};
