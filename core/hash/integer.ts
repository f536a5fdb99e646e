/** Keys as integers, for the hash functions that calculate with the key instead of reading its bytes. */
import type { HashFunction, Key } from '../types.ts';
import { fnv1aOf } from './fnv1a.ts';

const DECIMAL = /^(?:0|-?[1-9]\d{0,15})$/;
const LIMIT = 0x1_0000_0000;
/** 2^52: integers and their quotients below it are exact enough to be taken apart. */
const EXACT = 0x10_0000_0000_0000;
/** Keys up to 2^21, whose polynomial with coefficients of up to 1024 in all stays below 2^52. */
const SMALL = 0x20_0000;

/** The key's integer: itself, the one that its decimal digits spell, or FNV-1a of any other text. */
export function integerOf(key: Key): number {
  const value = typeof key === 'number' ? key : DECIMAL.test(key) ? Number(key) : NaN;
  return Number.isSafeInteger(value) ? value : fnv1aOf(String(key));
}

/** A key as an address or a command line gives it: an id in its canonical digits is a number, all else is text. */
export function keyOfText(text: string): Key {
  return /^(?:0|[1-9]\d{0,14})$/.test(text) ? Number(text) : text;
}

/** A polynomial with integer coefficients: square·k² + linear·k + seedSquare·s² + seedLinear·s + constant. */
export interface Polynomial {
  readonly square: number;
  readonly linear: number;
  readonly seedSquare: number;
  readonly seedLinear: number;
  readonly constant: number;
}

/** The hash function of a polynomial in key and seed; exact for every safe integer, whatever the modulus. */
export function polynomial(p: Polynomial): HashFunction {
  const low = (key: Key, seed: number): number => {
    const k = low32(integerOf(key));
    const s = low32(seed);
    const ofKey = Math.imul(Math.imul(low32(p.square), k) + low32(p.linear), k);
    const ofSeed = Math.imul(Math.imul(low32(p.seedSquare), s) + low32(p.seedLinear), s);
    return (ofKey + ofSeed + low32(p.constant)) >>> 0;
  };
  const mod = modOf(p);
  return Object.assign(low, { wide: { value: valueOf(p), mod }, slots: slotsOf(p, mod) });
}

function valueOf(p: Polynomial): (key: Key, seed: number) => bigint {
  return (key, seed) => {
    const k = BigInt(integerOf(key));
    const s = BigInt(seed);
    const ofSeed = (BigInt(p.seedSquare) * s + BigInt(p.seedLinear)) * s;
    return (BigInt(p.square) * k + BigInt(p.linear)) * k + ofSeed + BigInt(p.constant);
  };
}

/** Works on residues, so that with m at most 2^24 no product reaches 2^52; small keys without a seed need but one. */
function modOf(p: Polynomial): (key: Key, seed: number, m: number) => number {
  const small = smallOf(p);
  return (key, seed, m) => {
    const whole = integerOf(key);
    if (seed === 0 && whole >= 0 && whole <= small) {
      return residue((p.square * whole + p.linear) * whole + p.constant, m);
    }
    const k = residue(whole, m);
    const s = residue(seed, m);
    const ofKey = residue(residue(p.square, m) * k + residue(p.linear, m), m) * k;
    const ofSeed = residue(residue(p.seedSquare, m) * s + residue(p.seedLinear, m), m) * s;
    return residue(ofKey + ofSeed + residue(p.constant, m), m);
  };
}

/** The largest key of which no residue is needed but that of the value itself; -1 when there is none. */
const smallOf = ({ square, linear, constant }: Polynomial): number =>
  Math.abs(square) + Math.abs(linear) + Math.abs(constant) <= 1024 ? SMALL : -1;

function slotsOf(p: Polynomial, mod: ReturnType<typeof modOf>): Required<HashFunction>['slots'] {
  const { square, linear, constant } = p;
  const small = smallOf(p);
  return (keys, m, out, count) => {
    if ((m & (m - 1)) === 0) {
      masked(p, mod, keys, m, out, count);
      return;
    }
    for (let i = 0; i < count; i++) {
      const key = keys[i];
      if (key < 0 || key > small || key !== Math.floor(key)) {
        out[i] = mod(key, 0, m);
        continue;
      }
      out[i] = residue((square * key + linear) * key + constant, m);
    }
  };
}

/** The same for a power of two, which leaves the low bits of a value: those that the products of 32 bits have too. */
function masked(
  p: Polynomial,
  mod: ReturnType<typeof modOf>,
  keys: Float64Array,
  m: number,
  out: Int32Array,
  count: number,
): void {
  const square = low32(p.square) | 0;
  const linear = low32(p.linear) | 0;
  const constant = low32(p.constant) | 0;
  const mask = m - 1;
  for (let i = 0; i < count; i++) {
    const key = keys[i];
    const k = key | 0;
    if (k === key) out[i] = (Math.imul(Math.imul(square, k) + linear, k) + constant) & mask;
    else out[i] = mod(key, 0, m);
  }
}

/**
 * In [0, m), of an integer. Below 2^52 a quotient is nearer to the true one than that is to the next integer, so its
 * whole part is exact, and so is what follows; `%` of doubles takes ten times as long. Adding 0 turns the -0 that a
 * negative multiple of m leaves into 0.
 */
function residue(value: number, m: number): number {
  if (Math.abs(value) < EXACT) return value - Math.floor(value / m) * m;
  const rest = value % m;
  return rest < 0 ? rest + m : rest + 0;
}

/** A safe integer modulo 2^32; `>>> 0` alone would do, but only for what a reader remembers of it. */
function low32(value: number): number {
  return residue(value, LIMIT);
}
