/** Bucket schemes as their papers print them, over big integers: slow, and of no code of the lab but its mixing function. */
import { mix } from '../../core/placement/mix.ts';

/** The bucket of an unsigned 32-bit hash among n. */
type SlowBucket = (hash: number, n: number) => number;

const u64 = (value: bigint): bigint => BigInt.asUintN(64, value);
const again = (hash: number, salt: number, draw = 0): number => mix(mix(hash, salt), draw);
const step = (state: bigint): bigint => u64(state * 2862933555777941757n + 1n);
const bitsOf = (value: number): number => value.toString(2).length;

/** The least power of two that is not below n. */
function enclosing(n: number): number {
  let power = 1;
  while (power < n) power *= 2;
  return power;
}

/** Jump hash, and its walk from another bucket than 0 (Lamping, Veach 2014, figure 1). */
export function slowJump(key: bigint, n: number, from = 0): number {
  let state = key;
  let bucket = from;
  for (;;) {
    state = step(state);
    const next = Number((BigInt(bucket + 1) << 31n) / ((state >> 33n) + 1n));
    if (next >= n) return bucket;
    bucket = next;
  }
}

/** Power consistent hash (Leu 2023, algorithms 1 to 3). */
export const slowPower: SlowBucket = (hash, n) => {
  const within = (power: number): number => {
    const low = hash % power;
    if (low === 0) return 0;
    const level = 2 ** (bitsOf(low) - 1);
    return level + (again(hash, level) % level);
  };
  const power = enclosing(n);
  if (power === 1) return 0;
  const first = within(power);
  if (first < n) return first;
  const second = slowJump(BigInt(hash), n, power / 2 - 1);
  return second >= power / 2 ? second : within(power / 2);
};

/** FlipHash (Masson, Lee 2024, algorithms 1 and 2), its salts being the lab's. */
export const slowFlip: SlowBucket = (hash, n) => {
  const within = (power: number): number => {
    const low = hash % power;
    if (low === 0) return 0;
    const level = 2 ** (bitsOf(low) - 1);
    const flips = again(hash, 32 + 32 - bitsOf(low)) % level;
    return Number(BigInt(low) ^ BigInt(flips));
  };
  const power = 2 ** bitsOf(n);
  const first = within(power);
  if (first < n) return first;
  for (let draw = 1; draw <= 64; draw++) {
    const bucket = again(hash, 32 - bitsOf(n), draw) % power;
    if (bucket < power / 2) return within(power / 2);
    if (bucket < n) return bucket;
  }
  return within(power / 2);
};

/** SplitMix64 (Steele, Lea, Flood 2014). */
function splitMix(seed: bigint): () => bigint {
  let state = seed;
  return () => {
    state = u64(state + 0x9e3779b97f4a7c15n);
    let z = u64((state ^ (state >> 30n)) * 0xbf58476d1ce4e5b9n);
    z = u64((z ^ (z >> 27n)) * 0x94d049bb133111ebn);
    return z ^ (z >> 31n);
  };
}

/** JumpBackHash (Ertl 2024, algorithm 3). */
export const slowJumpBack: SlowBucket = (hash, n) => {
  const draw = splitMix(BigInt(hash));
  const v = draw();
  let u = Number((v ^ (v >> 32n)) % BigInt(enclosing(n)));
  while (u > 0) {
    const top = 2 ** (bitsOf(u) - 1);
    const ones = u.toString(2).replaceAll('0', '').length;
    const bucket = top + Number((v >> (ones % 2 === 0 ? 0n : 32n)) % BigInt(top));
    const found = bucket < n ? bucket : redrawn(draw, top, n);
    if (found >= top) return found;
    u -= top;
  }
  return 0;
};

/** Halves of draws until one is below n; below `top` it means that the walk goes on. */
function redrawn(draw: () => bigint, top: number, n: number): number {
  for (;;) {
    const w = draw();
    for (const half of [w % 2n ** 32n, w >> 32n]) {
      const bucket = Number(half % BigInt(2 * top));
      if (bucket < n) return bucket;
    }
  }
}

/** BinomialHash (Coluzzi et al. 2024, algorithms 1 and 2), rehashing as SUPSI's program does. */
export const slowBinomial: SlowBucket = (hash, n) => {
  const rehash = (value: number, seed: number): number => {
    const x = step(BigInt(value));
    return Number(u64(x * x * BigInt(seed)) >> 32n);
  };
  const relocated = (bucket: number, value: number): number => {
    if (bucket < 2) return bucket;
    const level = 2 ** (bitsOf(bucket) - 1);
    return level + (rehash(value, level - 1) % level);
  };
  const power = enclosing(n);
  if (power === 1) return 0;
  let value = hash;
  for (let tries = 0; tries <= 4; tries++) {
    const bucket = relocated(value % power, value);
    if (bucket < n && (tries === 0 || bucket >= power / 2)) return bucket;
    if (bucket < power / 2) break;
    value = rehash(value, power - 1);
  }
  return relocated(hash % (power / 2), hash);
};

/** java.util.Random (Java SE API): whole numbers below `bound` from a seed. */
export function javaRandom(seed: number, bound: number): () => number {
  let state = BigInt(seed) ^ 0x5deece66dn;
  const next = (): number => {
    state = BigInt.asUintN(48, state * 0x5deece66dn + 0xbn);
    return Number(state >> 17n);
  };
  const complete = 2 ** 31 - (2 ** 31 % bound);
  if (enclosing(bound) === bound) return () => Math.floor((next() * bound) / 2 ** 31);
  return () => {
    let bits = next();
    while (bits >= complete) bits = next();
    return bits % bound;
  };
}
