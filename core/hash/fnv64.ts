/** The constants of 64-bit FNV and its one step in lanes: multiplication by 2^40 + 0x1b3. */
import { mulHigh } from './words.ts';

/** The offset basis, 0xcbf29ce484222325. */
export const BASIS = { low: 0x84222325 | 0, high: 0xcbf29ce4 | 0 } as const;

const PRIME_LOW = 0x1b3;
const PRIME_HIGH = 0x100;

/** The low lane of a product with the prime. */
export function timesLow(low: number): number {
  return Math.imul(low, PRIME_LOW);
}

/** The high lane of a product with the prime. */
export function timesHigh(low: number, high: number): number {
  return (mulHigh(low, PRIME_LOW) + Math.imul(high, PRIME_LOW) + Math.imul(low, PRIME_HIGH)) | 0;
}
