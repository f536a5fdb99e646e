/** 64-bit arithmetic on two 32-bit lanes: word w of an Int32Array is its elements 2w (low) and 2w + 1 (high). */

/** 64-bit numbers in a row. Typed, so that no lane is ever boxed; each algorithm keeps its own. */
export type Words = Int32Array;

/** The high 32 bits of the unsigned product of two 32-bit numbers, by 16-bit limbs. */
export function mulHigh(a: number, b: number): number {
  const aLow = a & 0xffff;
  const aHigh = a >>> 16;
  const bLow = b & 0xffff;
  const bHigh = b >>> 16;
  const middle = (Math.imul(aHigh, bLow) + (Math.imul(aLow, bLow) >>> 16)) | 0;
  const other = (Math.imul(aLow, bHigh) + (middle & 0xffff)) | 0;
  return (Math.imul(aHigh, bHigh) + (middle >>> 16) + (other >>> 16)) | 0;
}

/** Sets word w. */
export function set(x: Words, w: number, low: number, high: number): void {
  x[2 * w] = low;
  x[2 * w + 1] = high;
}

/** Adds to word w. */
export function add(x: Words, w: number, low: number, high: number): void {
  const sum = (x[2 * w] + low) | 0;
  const carry = sum >>> 0 < low >>> 0 ? 1 : 0;
  x[2 * w] = sum;
  x[2 * w + 1] = x[2 * w + 1] + high + carry;
}

/** Exclusive-ors into word w. */
export function xor(x: Words, w: number, low: number, high: number): void {
  x[2 * w] ^= low;
  x[2 * w + 1] ^= high;
}

/** Multiplies word w. */
export function multiply(x: Words, w: number, low: number, high: number): void {
  const l = x[2 * w];
  x[2 * w + 1] = mulHigh(l, low) + Math.imul(x[2 * w + 1], low) + Math.imul(l, high);
  x[2 * w] = Math.imul(l, low);
}

/** Rotates word w to the left by 1 to 63 bits. */
export function rotate(x: Words, w: number, bits: number): void {
  const swap = bits >= 32 ? 1 : 0;
  const l = x[2 * w + swap];
  const h = x[2 * w + 1 - swap];
  const by = bits & 31;
  x[2 * w] = by === 0 ? l : (l << by) | (h >>> (32 - by));
  x[2 * w + 1] = by === 0 ? h : (h << by) | (l >>> (32 - by));
}

/** Exclusive-ors word w with itself shifted right by 1 to 63 bits. */
export function xorShift(x: Words, w: number, bits: number): void {
  const l = x[2 * w];
  const h = x[2 * w + 1];
  if (bits >= 32) x[2 * w] = l ^ (h >>> (bits - 32));
  else {
    x[2 * w] = l ^ ((l >>> bits) | (h << (32 - bits)));
    x[2 * w + 1] = h ^ (h >>> bits);
  }
}

/** The four bytes from `at` on, little-endian. */
export function word32(bytes: Uint8Array, at: number): number {
  return bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24);
}

/** Up to four bytes from `at` on, before `end`, little-endian; 0 when there are none. */
export function tail32(bytes: Uint8Array, at: number, end: number): number {
  let tail = 0;
  for (let i = Math.min(at + 4, end) - 1; i >= at; i--) tail = (tail << 8) | bytes[i];
  return tail;
}
