/** A hash function of a user's own as an entry of the table: any function of a key to a number. */
import { InputError } from '../input-error.ts';
import type { HashEntry, HashFunction, Key } from '../types.ts';

/** What a user may write. Without a second parameter, a seed other than 0 reaches it as text: `key#seed`. */
export type OwnFunction = (key: Key, seed: number) => number | bigint;

const LOW_32 = 0xffffffffn;

/** Wraps the function: fractions are cut off, and its whole value counts, not only the low 32 bits. */
export function ownHash(name: string, own: OwnFunction): HashEntry {
  const value = (key: Key, seed: number): bigint => {
    const seen = own.length >= 2 || seed === 0 ? key : `${key}#${seed}`;
    const result = call(name, own, seen, own.length >= 2 ? seed : 0);
    if (typeof result === 'bigint') return result;
    if (typeof result === 'number' && Number.isFinite(result)) return BigInt(Math.trunc(result));
    throw new InputError(
      `The hash function ${name} returned ${String(result)} for ${JSON.stringify(seen)}; it must return a number.`,
    );
  };
  const low = (key: Key, seed: number): number => Number(value(key, seed) & LOW_32);
  const mod = (key: Key, seed: number, m: number): number => {
    const rest = value(key, seed) % BigInt(m);
    return Number(rest < 0n ? rest + BigInt(m) : rest);
  };
  const hash: HashFunction = Object.assign(low, { wide: { value, mod } });
  return { name, summary: 'is your own', source: name, make: () => hash };
}

function call(name: string, own: OwnFunction, key: Key, seed: number): unknown {
  try {
    return own(key, seed);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new InputError(`The hash function ${name} failed for ${JSON.stringify(key)}: ${reason}`);
  }
}
