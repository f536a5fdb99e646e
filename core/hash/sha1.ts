/** SHA-1 (RFC 3174), by @noble/hashes: audited, dependency-free, the same code in a browser. */
import { sha1 as digest } from '@noble/hashes/legacy.js';
import type { HashEntry } from '../types.ts';
import { ofDigest } from './digest.ts';

export const sha1: HashEntry = {
  name: 'sha1',
  summary: 'is a 160-bit digest read as one integer, as int(hexdigest, 16) does',
  source: 'RFC 3174',
  make: () => ofDigest(digest),
};
