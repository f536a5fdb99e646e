/** MD5 (RFC 1321), by @noble/hashes: audited, dependency-free, the same code in a browser. */
import { md5 as digest } from '@noble/hashes/legacy.js';
import type { HashEntry } from '../types.ts';
import { ofDigest } from './digest.ts';

export const md5: HashEntry = {
  name: 'md5',
  summary: 'is a 128-bit digest read as one integer, as int(hexdigest, 16) does',
  source: 'RFC 1321',
  make: () => ofDigest(digest),
};
