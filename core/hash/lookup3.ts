/** Bob Jenkins' lookup3, `hashlittle`: three lanes over blocks of twelve bytes (burtleburtle.net/bob/c/lookup3.c, 2006). */
import type { HashEntry } from '../types.ts';
import { seeded } from './bytes.ts';
import { tail32, word32 } from './words.ts';

function rotate(x: number, bits: number): number {
  return (x << bits) | (x >>> (32 - bits));
}

/** The lanes; typed, so that they stay integers. */
const lanes = new Int32Array(3);
/** Each round of `mix` turns a lane into another and adds the third: by so many bits. */
const MIX = [4, 6, 8, 16, 19, 4];
const FINAL = [14, 11, 25, 16, 4, 14, 24];

function mix(): void {
  for (let i = 0; i < 6; i++) {
    const [a, b, c] = [i % 3, (i + 1) % 3, (i + 2) % 3];
    lanes[a] = (lanes[a] - lanes[c]) ^ rotate(lanes[c], MIX[i]);
    lanes[c] += lanes[b];
  }
}

function finish(): number {
  for (let i = 0; i < 7; i++) {
    const [to, from] = [(i + 2) % 3, (i + 1) % 3];
    lanes[to] = (lanes[to] ^ lanes[from]) - rotate(lanes[from], FINAL[i]);
  }
  return lanes[2] >>> 0;
}

/** An empty key is not mixed at all, and neither is what a multiple of twelve leaves: the last block is never empty. */
export function hashlittle(bytes: Uint8Array, length: number, seed: number): number {
  lanes.fill((0xdeadbeef + length + seed) | 0);
  let at = 0;
  for (; length - at > 12; at += 12) {
    for (let lane = 0; lane < 3; lane++) lanes[lane] += word32(bytes, at + 4 * lane);
    mix();
  }
  if (length === 0) return lanes[2] >>> 0;
  for (let lane = 0; lane < 3; lane++) lanes[lane] += tail32(bytes, at + 4 * lane, length);
  return finish();
}

export const lookup3: HashEntry = {
  name: 'lookup3',
  summary: 'mixes three lanes over twelve bytes at a time by subtractions and rotations',
  source: 'Jenkins 2006, lookup3.c, hashlittle',
  make: () => seeded(hashlittle),
};
