/** JumpBackHash (Ertl 2024, arXiv 2403.18682): the jumps of jump hash taken backwards, at most 5/3 draws a key. */
import { add, multiply, set, xorShift } from '../hash/words.ts';
import type { PlacementEntry } from '../types.ts';
import { highestBit } from './congruence.ts';
import { lastOnlyEntry } from './last-only.ts';

/** Word 0 is the state of SplitMix64 (Steele, Lea, Flood 2014), word 1 its output. */
const x = new Int32Array(4);

function draw(): void {
  add(x, 0, 0x7f4a7c15, 0x9e3779b9 | 0);
  set(x, 1, x[0], x[1]);
  xorShift(x, 1, 30);
  multiply(x, 1, 0x1ce4e5b9, 0xbf58476d | 0);
  xorShift(x, 1, 27);
  multiply(x, 1, 0x133111eb, 0x94d049bb | 0);
  xorShift(x, 1, 31);
}

/** The bucket of a 32-bit hash among n. */
export function jumpBackBucket(hash: number, n: number): number {
  if (n <= 1) return 0;
  set(x, 0, hash, 0);
  draw();
  const low = x[2];
  const high = x[3];
  let odd = true;
  let bits = (low ^ high) & (0xffffffff >>> Math.clz32(n - 1));
  for (let rest = bits; rest !== 0; rest &= rest - 1) odd = !odd;
  while (bits !== 0) {
    const top = highestBit(bits);
    const found = within(top, top + ((odd ? low : high) & (top - 1)), n);
    if (found >= top) return found;
    bits ^= top;
    odd = !odd;
  }
  return 0;
}

/** Draws from [0, 2·top) until a bucket in [top, n) comes up, or one below top, which means: go further back. */
function within(top: number, first: number, n: number): number {
  const mask = 2 * top - 1;
  let bucket = first;
  while (bucket >= n) {
    draw();
    bucket = x[2] & mask;
    if (bucket < n) return bucket;
    bucket = x[3] & mask;
  }
  return bucket;
}

export const jumpbackEntry: PlacementEntry = lastOnlyEntry(
  {
    name: 'jumpback',
    summary: 'takes jumps backwards, with at most 5/3 draws a key; only the last replica can leave',
    source: 'Ertl 2024, arXiv 2403.18682',
  },
  jumpBackBucket,
);
