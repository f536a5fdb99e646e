/** HAProxy's wt6, Willy Tarreau's: two lanes that rotate by each other's bits (src/hash.c). */
import type { HashEntry } from '../types.ts';
import { unseeded } from './bytes.ts';

function rotate(x: number, bits: number): number {
  return (x << bits) | (x >>> (32 - bits)); // by 0 too, since a shift by 32 is one by 0
}

const hash = unseeded((bytes, length) => {
  let a = 0xa53c965a | 0;
  let b = 0x5ca6953a;
  let stepA = 6;
  let stepB = 18;
  for (let i = 0; i < length; i++) {
    const turned = rotate(~((b + bytes[i]) | 0), stepA);
    b = rotate(~(a ^ bytes[i]), stepB);
    a = turned;
    const steps = ((a >>> 16) ^ b) & 0xffff;
    stepA = steps & 0x1f;
    stepB = steps >>> 11;
  }
  return (a ^ b) >>> 0;
});

export const wt6: HashEntry = {
  name: 'wt6',
  summary: 'rotates two lanes by amounts that the data decide',
  source: 'Tarreau, HAProxy src/hash.c',
  make: () => hash,
};
