/** Named streams of random numbers: one a purpose, so that a change of policy leaves the arrivals as they were. */
import alea from 'seedrandom/lib/alea.js';
import type { Random } from '../types.ts';

/** What randomness is used for; a purpose has a stream of its own (common random numbers). */
export type Purpose = 'arrivals' | 'keys' | 'service' | 'policy';

/** The stream of a purpose: uniform in [0, 1) with 53 bits, the same for a seed on every machine (Baagøe's Alea). */
export function stream(seed: number, purpose: Purpose): Random {
  return alea(`${purpose}/${seed}`).double;
}
